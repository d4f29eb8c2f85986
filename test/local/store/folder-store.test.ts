import { folderStore } from '../../../local/store/folder-store.ts';
import { storeContract } from '../../support/store-contract.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const newFolder = temporaryFolders();

storeContract('a folder', async () => folderStore(newFolder()));
