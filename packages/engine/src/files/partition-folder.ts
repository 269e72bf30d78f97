/** Hive's escapes of what cannot stand in a folder's name. */
export function encodeFolder(value: string): string {
  return value.replace(/[\u0000-\u001f"#%'*/:=?\\{}[\]^\u007f]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** What `encodeFolder` made of a value. */
export function decodeFolder(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
