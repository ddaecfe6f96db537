// The package's entry adds nothing but a warning to every run on Node 20; its types are those of the entry.
declare module 'oidc-provider/lib/provider.js' {
  export { Provider } from 'oidc-provider';
}
