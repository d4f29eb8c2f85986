import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { isNativeError } from 'node:util/types';
import type { NodeHttpHandlerOptions } from '@smithy/types';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { ExportFailure } from '../contract/failure.ts';
import { isExempt, proxyFor } from './proxy.ts';

declare module 'node:http' {
  interface Agent {
    /** What Node.js calls for each request; public, but missing from its types. */
    addRequest(request: http.ClientRequest, options: http.ClientRequestArgs): void;
  }
}

/** Makes the connections of clients of the SDK. */
export type Agents = Required<Pick<NodeHttpHandlerOptions, 'httpAgent' | 'httpsAgent'>>;

const certificatesIn = (pem: string): readonly string[] =>
  pem.match(/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END/g) ?? [];

/** Node.js passes over what is none, and would then say that no server can be trusted. */
function isReadable(certificate: string): boolean {
  try {
    const der = Buffer.from(certificate.replace(/-----[^-]+-----|-----END/g, ''), 'base64');
    return new X509Certificate(der).raw.length > 0;
  } catch {
    return false;
  }
}

/** A file of certificates to trust, and who says so. */
export interface CaBundle {
  readonly path: string;
  /** Such as `AWS_CA_BUNDLE`. */
  readonly setting: string;
}

/** What the bundle holds is trusted in place of the authorities that Node.js comes with, as by the AWS CLI. */
function trusted(bundle: CaBundle | undefined): { ca?: string } {
  if (!bundle) return {};
  const { path, setting } = bundle;
  const wrong = (why: string): ExportFailure =>
    new ExportFailure(
      'InvalidRequest',
      `${setting} is "${path}", ${why}: set it to a file of certificates in PEM format, or leave it unset.`,
    );
  let ca: string;
  try {
    ca = readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(`which cannot be read (${isNativeError(error) ? error.message : error})`);
  }
  if (!certificatesIn(ca).some(isReadable)) {
    throw wrong('which holds no certificate');
  }
  return { ca };
}

/**
 * Lets an agent hand on to a proxy what is not exempt. Which host is asked, a client tells request by request: a bucket's name is
 * part of it. What is handed on at once, before its header is written, can still be addressed to the proxy.
 *
 * @param extra what the proxy's agent is told of each request, besides what the client says
 */
function divert<Direct extends http.Agent>(
  direct: Direct,
  proxy: http.Agent,
  extra: object,
  environment: NodeJS.ProcessEnv,
): Direct {
  const addRequest = direct.addRequest.bind(direct);
  const destroy = direct.destroy.bind(direct);
  return Object.assign(direct, {
    addRequest(request: http.ClientRequest, options: http.ClientRequestArgs) {
      const { host, port } = options;
      if (isExempt(host ?? '', Number(port), environment)) {
        addRequest(request, options);
        return;
      }
      // Until there is a connection, it is the proxy's fault, and nobody knows how AWS is.
      request.once('error', (error) => {
        if (request.socket === null) error.name = 'ProxyError';
      });
      proxy.addRequest(request, { ...options, ...extra });
    },
    destroy() {
      proxy.destroy();
      destroy();
    },
  });
}

/**
 * Connections as the AWS CLI makes them: through the proxies of `HTTPS_PROXY` and `HTTP_PROXY`, past them where `NO_PROXY` says
 * so, and with the certificates of a bundle.
 *
 * @param maxSockets that are open to one host at the same time
 * @param bundle default: the authorities that Node.js comes with
 * @throws ExportFailure InvalidRequest where one of the variables or the bundle cannot be used
 */
export function awsAgents(
  environment: NodeJS.ProcessEnv,
  maxSockets: number,
  bundle?: CaBundle,
): Agents {
  const ca = trusted(bundle);
  const options = { keepAlive: true, maxSockets, ...ca };
  const httpAgent = new http.Agent(options);
  const httpsAgent = new https.Agent(options);
  const httpProxy = proxyFor('http', environment);
  const httpsProxy = proxyFor('https', environment);
  return {
    httpAgent: httpProxy
      ? divert(
          httpAgent,
          new HttpProxyAgent(httpProxy, options),
          { secureEndpoint: false },
          environment,
        )
      : httpAgent,
    // What this agent is made with holds for the proxy's own certificate; the server's is checked by what a request brings.
    httpsAgent: httpsProxy
      ? divert(
          httpsAgent,
          new HttpsProxyAgent(httpsProxy, options),
          { ...ca, secureEndpoint: true },
          environment,
        )
      : httpsAgent,
  };
}
