// Ask each query of the arguments after the host, all at once, and print what came as JSON.
const [host, ...queries] = process.argv.slice(2);
const ask = async (query) => {
  const url = `${host}/api/v2/usage/observability/sessions?${query}`;
  const response = await fetch(url, {headers: {Authorization: '<apiKey>'}});
  return {status: response.status, type: response.headers.get('content-type'), data: await response.json()};
};
console.log(JSON.stringify(await Promise.all(queries.map(ask))));
