export { decryptSpill } from './decrypt-spill.ts';
export {
  encryptSpill,
  encryptSpillParts,
  encryptSpillPieces,
  makeEncryptionKey,
  makeNonce,
  SPILL_TAG_LENGTH,
} from './encrypt-spill.ts';
