import { ExportFailure } from '../contract/failure.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The lower-case name of a variable goes before the upper-case one, as in the AWS CLI. */
function variable(name: string, environment: Environment): { name: string; value: string } {
  const found = [name.toLowerCase(), name].find((each) => environment[each] !== undefined) ?? name;
  return { name: found, value: environment[found]?.trim() ?? '' };
}

/** Without a password. */
const shown = (value: string): string => value.replace(/^(\w+:\/\/)?.*@/, '$1…@');

/**
 * The proxy for requests of this scheme, by `HTTPS_PROXY` or `HTTP_PROXY`; `undefined` for none. An address without a scheme
 * is taken for http, as by the AWS CLI.
 *
 * @throws ExportFailure InvalidRequest where the variable holds no address of an HTTP proxy
 */
export function proxyFor(scheme: 'http' | 'https', environment: Environment): URL | undefined {
  const { name, value } = variable(`${scheme.toUpperCase()}_PROXY`, environment);
  if (value === '') return undefined;
  const address = /^\w+:\/\//.test(value) ? value : `http://${value.replace(/^\/\//, '')}`;
  if (/^https?:/i.test(address) && URL.canParse(address)) return new URL(address);
  throw new ExportFailure(
    'InvalidRequest',
    `${name} is "${shown(value)}", which is not the address of an HTTP proxy: set it to http://host:port or https://host:port.`,
  );
}

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/**
 * Whether `NO_PROXY` takes a host out: it lists names, each of which holds for its subdomains too, addresses, and either with a
 * port; or it is `*`. These are the rules of Python's urllib, and so of the AWS CLI. The packages for Node.js take a name
 * without a dot before it for that one host, and would send to the proxy what the AWS CLI does not.
 */
export function isExempt(host: string, port: number, environment: Environment): boolean {
  const { value } = variable('NO_PROXY', environment);
  if (value === '*') return true;
  const asked = withoutBrackets(host.toLowerCase());
  const places = [asked, `${asked}:${port}`, `[${asked}]`, `[${asked}]:${port}`];
  return value
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim().replace(/^\.+/, ''))
    .some((entry) => entry !== '' && places.some((place) => `.${place}`.endsWith(`.${entry}`)));
}
