// The source document's JavaScript example. The host is the first argument; nothing else is changed.
const url = `${process.argv[2]}/api/v2/usage/observability/sessions`;
const options = {method: 'GET', headers: {Authorization: '<apiKey>'}};

try {
  const response = await fetch(url, options);
  const data = await response.json();
  console.log(data);
} catch (error) {
  console.error(error);
}
