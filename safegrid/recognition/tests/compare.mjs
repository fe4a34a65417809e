// Prints how many answers of the golden file the script scorer gives differently.
// node compare.mjs matcher.mjs index.json golden.json
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [script, index, golden] = process.argv.slice(2);
const read = async (path) => JSON.parse(await readFile(path, "utf-8"));
const { Matcher } = await import(pathToFileURL(script));
const started = performance.now();
const matcher = new Matcher(await read(index));
const loaded = performance.now();
const asked = await read(golden);
const different = asked.filter(({ text, kinds, found }) => {
  const own = matcher.hazards(text, kinds).map((candidates) =>
    candidates.map(({ code, score, why }) => [code, score, why]));
  return !same(own, found);
});
const spent = performance.now() - loaded;
console.log(JSON.stringify({
  different: different.slice(0, 5).map(({ text, kinds, found }) => ({ text, kinds, found, own: matcher.hazards(text, kinds) })),
  asked: asked.length,
  load_ms: Math.round(loaded - started),
  ms: spent / asked.length,
}));

function same(own, expected) {
  return own.length === expected.length && own.every((candidates, part) =>
    candidates.length === expected[part].length && candidates.every(([code, score, why], at) => {
      const [otherCode, otherScore, otherWhy] = expected[part][at];
      return code === otherCode && why === otherWhy && Math.abs(score - otherScore) <= 0.0002;
    }));
}
