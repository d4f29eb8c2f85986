/**
 * What the command line is called after `npx`, in all that tells people to type something: in the clone the short name, which
 * `npm ci` links. In the package it has the package's own name, which the build puts here: nobody else can register that.
 */
export const COMMAND_NAME = 'proficiencies';
