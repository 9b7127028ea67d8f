// Reads the links of a function as its code would: node links.mjs TEMPLATE EXPECTED FOLDER, where
// FOLDER/node_modules has the unmodified sst package. Values that CloudFormation gives are stood in
// for by their names: `Bucket!`, `Bucket.Arn!`. The process that imports sst has the emitted
// variables for its whole environment. Fails with the difference.
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [templatePath, expectedPath, folder] = process.argv.slice(2);
const template = JSON.parse(readFileSync(templatePath, 'utf8'));
const expected = JSON.parse(readFileSync(expectedPath, 'utf8'));

function deployed(value) {
  if (typeof value === 'string') return value;
  const [key, argument] = Object.entries(value)[0];
  if (key === 'Ref') return `${argument}!`;
  if (key === 'Fn::GetAtt') return `${argument.join('.')}!`;
  if (key === 'Fn::Sub') {
    const [text, named] = Array.isArray(argument) ? argument : [argument, {}];
    return text
      .replace(/\$\{([^!}][^}]*)\}/g, (_, name) => (name in named ? deployed(named[name]) : `${name}!`))
      .replace(/\$\{!/g, '${');
  }
  throw new Error(`${key} in a variable`);
}

const variables = template.Resources.WorkerFunction.Properties.Environment.Variables;
const environment = Object.fromEntries(
  Object.entries(variables).map(([name, value]) => [name, deployed(value)]));

const reader = join(folder, 'reader.mjs');
writeFileSync(reader, `
import { Resource } from 'sst';
const names = ${JSON.stringify(Object.keys(expected))};
let refused = '';
try { Resource.Nothing } catch (error) { refused = error.message }
console.log(JSON.stringify({ read: Object.fromEntries(names.map((n) => [n, Resource[n]])), refused }));
`);
const { read, refused } = JSON.parse(
  execFileSync(process.execPath, [reader], { env: environment, encoding: 'utf8' }));
assert.deepStrictEqual(read, expected);
assert.match(refused, /"Nothing" is not linked/);
