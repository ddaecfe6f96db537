const url = `${process.env.REMO_API_URL}/customers?page=1&per_page=100`;
const response = await fetch(url, { headers: { Authorization: `Bearer ${process.env.REMO_TOKEN}` } });
if (!response.ok) throw new Error(`${response.status}`);
const { items } = await response.json();
process.stdout.write(`${JSON.stringify(items, null, 2)}\n`);
