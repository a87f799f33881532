// The files in a folder that was dropped, however deep; not what computers leave beside the files of people.

const JUNK = /^(\.|~\$)|^(Thumbs\.db|desktop\.ini)$/i;

export async function filesIn(entry) {
  if (entry.isFile) return new Promise((resolve, reject) => entry.file((file) => resolve([file]), reject));
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return (await Promise.all(found.map(filesIn))).flat().filter((file) => !JUNK.test(file.name));
    found.push(...some);
  }
}
