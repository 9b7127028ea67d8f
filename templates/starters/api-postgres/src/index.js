// Answers every request with a number that Postgres counts up. Run `npm install` in this folder
// before it is packed; the AWS SDK is part of Lambda.
const { SecretsManager } = require('@aws-sdk/client-secrets-manager');
const { Client } = require('pg');

let connected;

// One connection for each running function, made at its first request; PGHOST and the other
// variables are set by infra.alt.
async function connect() {
  const secret = await new SecretsManager().getSecretValue({ SecretId: process.env.SECRET_ARN });
  const { username, password } = JSON.parse(secret.SecretString);
  // The certificate of RDS is not checked here: connections stay inside the VPC.
  const client = new Client({ user: username, password, ssl: { rejectUnauthorized: false } });
  await client.connect();
  await client.query('create table if not exists visits (at timestamptz default now())');
  return client;
}

exports.handler = async () => {
  connected ??= connect();
  try {
    const client = await connected;
    await client.query('insert into visits default values');
    const { rows } = await client.query('select count(*)::int as visits from visits');
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rows[0]),
    };
  } catch (error) {
    connected = undefined; // a rotated password, or a database that restarted
    throw error;
  }
};
