import { inWords, SourceFailure } from '../../../cli/store/folder-failure.ts';

const systemError = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${code}: as the system puts it, ${syscall} '/out/x'`), {
    code,
    syscall,
  });

const READ = 'The output folder /out cannot be read';
const WRITE = 'The output folder /out cannot be written to';
const REFUSED = 'because the operating system refuses it: choose another folder';

test.each([
  ['EACCES', 'read', `${READ}: change its permissions, or choose another folder`],
  ['EACCES', 'written to', `${WRITE}: change its permissions, or choose another folder`],
  ['EPERM', 'read', `${READ}, ${REFUSED}`],
  ['EPERM', 'written to', `${WRITE}, ${REFUSED}`],
  ['ENOSYS', 'written to', `${WRITE}, ${REFUSED}`],
  ['ENOTSUP', 'written to', `${WRITE}, ${REFUSED}`],
  ['EIO', 'read', `${READ}: try again, or choose another folder`],
  ['ESTALE', 'written to', `${WRITE}: try again, or choose another folder`],
  [
    'EROFS',
    'written to',
    'The output folder /out is on a read-only file system: choose another folder',
  ],
] as const)('%s, when the folder is %s, is put into words and quoted', async (code, use, says) => {
  const failure = inWords('/out', use, Promise.reject(systemError(code, 'open')));
  await expect(failure).rejects.toMatchObject({
    message: `${says} (${code}: as the system puts it, open '/out/x').`,
  });
});

test.each([
  ['cache', 'set XDG_CACHE_HOME to another folder, or keep nothing by --no-cache'],
  ['temporary', 'set TMPDIR to another folder'],
] as const)('of a %s folder it is said how to name another', async (whose, remedy) => {
  const step = Promise.reject(systemError('ENOSPC', 'write'));
  await expect(inWords('/out', 'written to', step, whose)).rejects.toMatchObject({
    message: `The ${whose} folder /out is on a disk that is full: ${remedy} (ENOSPC: as the system puts it, write '/out/x').`,
  });
});

test.each([
  ['of the program', new TypeError('no function')],
  ['of Node.js itself', Object.assign(new Error('bad'), { code: 'ERR_INVALID_ARG_TYPE' })],
])('an error %s is handed on as it is', async (_, error) => {
  await expect(inWords('/out', 'read', Promise.reject(error))).rejects.toBe(error);
});

test('an error of the source is not called one of the folder', async () => {
  const error = systemError('ECONNRESET', 'read');
  const step = Promise.reject(new SourceFailure(error));
  await expect(inWords('/out', 'written to', step)).rejects.toBe(error);
});
