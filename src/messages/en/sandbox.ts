export const sandbox = {
  /** Printed once the sandbox listens; `apiUrl` is the address that `--api-url` takes. */
  listening: (apiUrl: string) => `The sandbox listens at ${apiUrl}. Stop it with Ctrl-C.`,
  tryNext: (apiUrl: string) =>
    ['Try next, in another terminal:', `  remo login --api-url ${apiUrl}`, '  remo customers list'].join(
      '\n',
    ),
  stopped: 'The sandbox has stopped.',
};
