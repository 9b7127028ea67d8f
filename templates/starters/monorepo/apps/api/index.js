// Answers every route of the API; `event` has payload format 2.0.
exports.handler = async (event) => {
  const name = event.pathParameters?.name ?? 'world';
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ hello: name, stage: process.env.STAGE }),
  };
};
