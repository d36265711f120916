// Reads an AsyncAPI document as somebody's tools do, with the parser of AsyncAPI itself, the files that it refers to included.
// Prints what the parser has to say about it, how grave that is, and which channels and messages it found.
import { Parser, fromFile } from '@asyncapi/parser';

const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
const said = diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join('.') }));
const channels = document?.channels().all().map((channel) => [
  channel.address(),
  channel.messages().all().flatMap((message) => [message.name() ?? message.id()]),
]);
console.log(JSON.stringify({ said, version: document?.version(), channels: Object.fromEntries(channels ?? []) }));
