/** Words put before a line for a person. */
export const labels = {
  error: 'Error:',
  warning: 'Warning:',
  requestId: 'Request id',
  findCause: 'To find the cause: remo doctor',
};
