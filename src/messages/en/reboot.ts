export const reboot = {};
