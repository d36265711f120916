// Reads events as a corporation's or partner's software on node does, with the package of CloudEvents itself.
// Its standard input is a JSON list of Kafka messages: key and headers as text, the value as text or null.
// Prints what became of each: its attributes and data, or why it was refused.
import { text } from 'node:stream/consumers';
import { Kafka } from 'cloudevents';

const read = (message) => {
  try {
    const event = Kafka.toEvent({ ...message, body: undefined, timestamp: undefined });
    event.validate();
    const { specversion, id, source, type, time, traceparent, data } = event;
    return { specversion, id, source, type, time, traceparent, data };
  } catch (error) {
    return { refused: error.message };
  }
};

console.log(JSON.stringify(JSON.parse(await text(process.stdin)).map(read)));
