// Loaded into a process of the program (`node --require`): notes in the file $OBSERVED, in the order they
// happen, what is written to a journal, what is flushed to the disk, and which requests leave. It changes
// nothing about them.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { open } = require('node:fs/promises');
const { subscribe } = require('node:diagnostics_channel');

const file = process.env.OBSERVED;
const { appendFileSync } = fs;
const note = event => appendFileSync(file, `${event}\n`);

fs.appendFileSync = (where, data, ...rest) => {
  appendFileSync(where, data, ...rest);
  note(`write ${JSON.parse(data).type}`);
};
syncBuiltinESMExports();

// Node's own undici announces a request before it is sent.
subscribe('undici:request:create', ({ request }) => note(`request ${request.method}`));

// No handle has been opened yet that does not get these.
const ready = open(__filename).then(async handle => {
  const prototype = Object.getPrototypeOf(handle);
  const { datasync, sync } = prototype;
  Object.assign(prototype, {
    async datasync() {
      await datasync.call(this);
      note('datasync');
    },
    async sync() {
      await sync.call(this);
      note('sync');
    },
  });
  await handle.close();
});
ready.catch(error => note(String(error)));
