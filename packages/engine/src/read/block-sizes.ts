/** Arrow bytes of one spilled block: small enough that several fit in memory at once, large enough to be worth a file. */
export const MAX_BLOCK_BYTES = 8_388_608n;
/** Arrow bytes of an inline answer: base64 makes a third more of it, and Lambda takes 6 MB. */
export const MAX_INLINE_BYTES = 4_194_304n;
