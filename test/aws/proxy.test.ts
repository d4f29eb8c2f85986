import { isExempt, proxyFor } from '../../aws/proxy.ts';

const URL_OF_PROXY = 'http://proxy.example:3128/';

describe('the proxy of a scheme', () => {
  it.each([
    ['https', { HTTPS_PROXY: 'http://proxy.example:3128' }],
    ['https', { https_proxy: 'http://proxy.example:3128' }],
    ['https', { https_proxy: 'http://proxy.example:3128', HTTPS_PROXY: 'http://other.example' }],
    ['https', { HTTPS_PROXY: 'proxy.example:3128' }],
    ['https', { HTTPS_PROXY: '//proxy.example:3128' }],
    ['http', { HTTP_PROXY: 'http://proxy.example:3128' }],
  ] as const)('%s by %j', (scheme, environment) => {
    expect(proxyFor(scheme, environment)?.href).toBe(URL_OF_PROXY);
  });

  it.each([
    ['https', {}],
    ['https', { HTTPS_PROXY: '' }],
    ['https', { HTTPS_PROXY: 'http://proxy.example', https_proxy: '' }],
    ['https', { HTTP_PROXY: 'http://proxy.example' }],
    ['http', { HTTPS_PROXY: 'http://proxy.example' }],
    ['http', { ALL_PROXY: 'http://proxy.example' }],
  ] as const)('%s has none by %j', (scheme, environment) => {
    expect(proxyFor(scheme, environment)).toBeUndefined();
  });

  it.each([
    ['socks5://proxy.example:1080', 'socks5://proxy.example:1080'],
    ['ftp://jane:s3/c@ret@proxy.example', 'ftp://…@proxy.example'],
    ['jane:secret@proxy.example:port', '…@proxy.example:port'],
  ])('refuses %s, and keeps the password to itself', (value, shown) => {
    expect(() => proxyFor('https', { HTTPS_PROXY: value })).toThrow(
      `HTTPS_PROXY is "${shown}", which is not the address of an HTTP proxy: set it to http://host:port or https://host:port.`,
    );
  });
});

/** As Python's urllib answers, which the AWS CLI asks. */
it.each([
  ['*', 'connect.us-east-1.amazonaws.com', true],
  ['amazonaws.com', 'connect.us-east-1.amazonaws.com', true],
  ['.amazonaws.com', 'connect.us-east-1.amazonaws.com', true],
  ['example.com, .AmazonAWS.com ', 'Connect.us-east-1.amazonaws.com', true],
  ['connect.us-east-1.amazonaws.com:443', 'connect.us-east-1.amazonaws.com', true],
  ['connect.us-east-1.amazonaws.com:80', 'connect.us-east-1.amazonaws.com', false],
  ['aws.com', 'connect.us-east-1.amazonaws.com', false],
  ['*.amazonaws.com', 'connect.us-east-1.amazonaws.com', false],
  ['127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1:443', '127.0.0.1', true],
  ['127.0.0.0/8', '127.0.0.1', false],
  ['localhost', '127.0.0.1', false],
  ['::1', '::1', true],
  ['[::1]', '::1', true],
  ['[::1]:443', '[::1]', true],
  ['', 'localhost', false],
  [',,', 'localhost', false],
])('NO_PROXY=%s and %s: %p', (NO_PROXY, host, exempt) => {
  expect(isExempt(host, 443, { NO_PROXY })).toBe(exempt);
  expect(isExempt(host, 443, { no_proxy: NO_PROXY, NO_PROXY: 'else.example' })).toBe(exempt);
});
