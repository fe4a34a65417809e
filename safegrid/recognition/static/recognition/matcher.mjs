// Plain words to items of the check lists, without a network: the scorer of text.py, index.py and
// matcher.py for the phone. A golden file holds both equal; change them together.

const LONGEST = 240;
const CHANNELS = ["1", "2", "p", "o", "d", "x"];
const SATURATION = 1.2;
const LENGTH = 0.6;
const LONG_ENOUGH = 2;
const MOST_PARTS = 6;
const MOST_SIGNS = 2;
const NUMERALS = new Map([..."0123456789两俩仨"].map((sign, at) => [sign, "零一二三四五六七八九二二三"[at]]));
const SILENT = new Set("的了呢啊呀吧嘛呗哦嗯呃");
const PARTS =
  /[,，.。;；、!！?？ \t\r\n\u3000]+|(?<![0-9])[0-9][.、)）]|还有(?!气|压|火|油|电|人)|另外|而且|以及|同时/u;

/** Words of Chinese characters, letters and numerals, parted by single blanks. */
export function normalise(text) {
  const plain = [...text].slice(0, LONGEST).join("").normalize("NFKC").toLowerCase();
  const apart = plain.replace(/[^0-9a-z\u4e00-\u9fff]+/gu, " ");
  return [...apart].filter((sign) => !SILENT.has(sign)).map((sign) => NUMERALS.get(sign) ?? sign).join("").trim();
}

/** A dictionary that reads the longest word it knows at each place. */
class Words {
  constructor(entries) {
    this.meaning = new Map(entries);
    this.longest = Math.max(0, ...[...this.meaning.keys()].map((word) => word.length));
  }

  cut(text) {
    const pieces = [];
    for (let at = 0; at < text.length; ) {
      let size = Math.min(this.longest, text.length - at);
      while (size && !this.meaning.has(text.slice(at, at + size))) size -= 1;
      const piece = text.slice(at, at + (size || 1));
      pieces.push([piece, size ? this.meaning.get(piece) : ""]);
      at += size || 1;
    }
    return pieces;
  }

  replace(text) {
    return this.cut(text).map(([piece, meaning]) => meaning || piece).join("");
  }

  found(text) {
    return [...new Set(this.cut(text).map(([, meaning]) => meaning).filter(Boolean))];
  }
}

/** Reads features off texts with the lexicon and the table of sounds. */
class Reader {
  constructor(raw) {
    const table = (rows) => rows.flatMap(([name, ...words]) => words.map((word) => [word, name]));
    this.dialect = new Words(raw.dialect);
    this.objects = new Words(table(raw.objects));
    this.defects = new Words(table(raw.defects));
    this.plain = new Words(raw.plain);
    this.sounds = new Map();
    for (const line of raw.sounds) {
      const [syllable, signs] = line.split(" ");
      for (const sign of signs) this.sounds.set(sign, syllable);
    }
  }

  clean(text) {
    return this.dialect.replace(normalise(text));
  }

  features(text) {
    const clean = this.clean(text);
    const found = new Map();
    const count = (feature) => found.set(feature, (found.get(feature) ?? 0) + 1);
    for (const word of clean.split(" ").filter(Boolean)) {
      const heard = [...word].map((sign) => this.sounds.get(sign) ?? sign);
      for (const sign of word) count("1" + sign);
      for (let at = 1; at < word.length; at += 1) count("2" + word[at - 1] + word[at]);
      for (let at = 1; at < heard.length; at += 1) count(`p${heard[at - 1]} ${heard[at]}`);
    }
    for (const slot of this.slots(clean)) count(slot);
    return found;
  }

  signs(text, features) {
    const times = (list, kind) => list.filter((one) => one === kind).length;
    const kinds = this.plain.cut(this.clean(text)).map(([, meaning]) => meaning);
    const channels = [...features.keys()].map((feature) => feature[0]);
    return {
      both: Number(channels.includes("o") && channels.includes("d")),
      things: times(channels, "o"),
      defects: times(channels, "d"),
      fine: times(kinds, "fine"),
      elsewhere: times(kinds, "elsewhere"),
    };
  }

  slots(clean) {
    const things = this.objects.found(clean);
    const faults = this.defects.found(clean);
    const pairs = things.flatMap((thing) => faults.map((fault) => `x${thing}|${fault}`));
    return [...things.map((thing) => "o" + thing), ...faults.map((fault) => "d" + fault), ...pairs];
  }
}

function counted(reader, texts) {
  const total = new Map();
  for (const text of texts)
    for (const [feature, times] of reader.features(text))
      total.set(feature, (total.get(feature) ?? 0) + times);
  return total;
}

function bm25(counts, weights) {
  const lengths = counts.map(() => Object.fromEntries(CHANNELS.map((name) => [name, 0])));
  const items = new Map();
  counts.forEach((own, at) => {
    for (const [feature, times] of own) {
      lengths[at][feature[0]] += times;
      if (!items.has(feature)) items.set(feature, []);
      items.get(feature).push(at);
    }
  });
  const mean = {};
  for (const name of CHANNELS)
    mean[name] = lengths.reduce((sum, one) => sum + one[name], 0) / counts.length;
  const found = new Map();
  for (const [feature, holders] of items) {
    const channel = feature[0];
    const rare = Math.log(1 + (counts.length - holders.length + 0.5) / (holders.length + 0.5));
    const worth = weights[channel] * rare * (SATURATION + 1);
    const row = new Map();
    for (const at of holders) {
      const times = counts[at].get(feature);
      const share = mean[channel] ? lengths[at][channel] / mean[channel] : 1;
      row.set(at, (worth * times) / (times + SATURATION * (1 - LENGTH + LENGTH * share)));
    }
    found.set(feature, row);
  }
  return found;
}

function linear({ step, rows }) {
  return rows.map(([feature, ...flat]) => {
    const row = [];
    for (let at = 0; at < flat.length; at += 2) row.push([flat[at], flat[at + 1] * step]);
    return [feature, row];
  });
}

function add(total, more) {
  for (const [feature, row] of more) {
    if (!total.has(feature)) total.set(feature, new Map());
    const own = total.get(feature);
    for (const [at, worth] of row) own.set(at, (own.get(at) ?? 0) + worth);
  }
}

/** The scorer of a raw index, the content of index.json. */
export class Matcher {
  constructor(raw) {
    this.reader = new Reader(raw);
    this.codes = raw.items.map(([code]) => code);
    this.concepts = raw.items.map(([, concept]) => concept);
    this.abstention = raw.abstention;
    this.parting = raw.parting;
    this.postings = new Map();
    [raw.formal.map((text) => [text]), raw.sayings].forEach((texts, field) => {
      const weights = Object.fromEntries(CHANNELS.map((name, at) => [name, raw.channels[field][at]]));
      add(this.postings, bm25(texts.map((own) => counted(this.reader, own)), weights));
    });
    add(this.postings, linear(raw.linear));
  }

  static async load(url = new URL("index.json", import.meta.url)) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`index: ${answer.status}`);
    return new Matcher(await answer.json());
  }

  /** The items that the text may mean, best first: [{code, score, why}]. */
  match(text, kinds = null, limit = 5) {
    const found = this.hazards(text, kinds, limit);
    const ordered = new Map();
    for (let rank = 0; rank < limit; rank += 1)
      for (const candidates of found) {
        const one = candidates[rank];
        if (one && !ordered.has(one.code)) ordered.set(one.code, one);
      }
    return [...ordered.values()].slice(0, limit);
  }

  /** The hazards that the text names, each with its candidates; none when it names none. */
  hazards(text, kinds = null, limit = 5) {
    const scope = this.#scope(kinds);
    text = [...text].slice(0, LONGEST).join("");
    const whole = this.#read(text);
    if (!scope.length || !whole.features.size || !this.#isHazard(whole)) return [];
    return this.#parted(text, whole, scope).map((part) => this.#ranked(part, scope, limit));
  }

  #scope(kinds) {
    const all = [...this.codes.keys()];
    if (kinds === null) return all;
    const lists = new Set(["common", ...kinds]);
    return all.filter((at) => lists.has(listOf(this.codes[at])));
  }

  #read(text) {
    const features = this.reader.features(text);
    const totals = new Float64Array(this.codes.length + 1);
    let size = 0;
    let known = 0;
    for (const [feature, times] of features) {
      size += times;
      const row = this.postings.get(feature);
      if (!row) continue;
      known += times;
      for (const [at, worth] of row) totals[at] += worth;
    }
    const scores = totals.map((total) => total / (Math.sqrt(size) + 3));
    const signs = this.reader.signs(text, features);
    return { features, scores, size, signs, known: known / Math.max(size, 1) };
  }

  #isHazard(reading) {
    const { both, fine, elsewhere } = reading.signs;
    return (both && !fine && !elsewhere) || this.#odds(reading) >= this.abstention.least;
  }

  #odds({ scores, size, signs, known }) {
    const weights = this.abstention;
    const best = scores.subarray(0, -1).reduce((most, one) => Math.max(most, one), -Infinity);
    return (
      weights.best * best +
      weights.nothing * scores.at(-1) +
      weights.known * known +
      Object.entries(signs).reduce((sum, [name, times]) => sum + weights[name] * Math.min(times, MOST_SIGNS), 0) +
      weights.size * Math.log(1 + size) +
      weights.constant
    );
  }

  #parted(text, whole, scope) {
    const clauses = text
      .split(PARTS)
      .filter((clause) => clause && this.reader.clean(clause).length >= LONG_ENOUGH);
    if (clauses.length < 2 || clauses.length > MOST_PARTS) return [whole];
    const chosen = new Map();
    for (const reading of clauses.map((clause) => this.#read(clause))) {
      if (!reading.features.size) continue;
      const [top, lead] = this.#standing(reading, whole, scope);
      if (reading.scores[top] < this.parting.least) continue;
      const concept = this.concepts[top];
      if (!chosen.has(concept) || lead > chosen.get(concept)[0]) chosen.set(concept, [lead, reading]);
    }
    const leads = [...chosen.values()].map(([lead]) => lead);
    if (chosen.size < 2 || Math.max(...leads) < this.parting.lead) return [whole];
    return [...chosen.values()].map(([, reading]) => reading);
  }

  #standing(reading, whole, scope) {
    const best = ({ scores }) => scope.reduce((top, at) => (scores[at] > scores[top] ? at : top));
    const [top, concept] = [best(reading), this.concepts[best(whole)]];
    const rivals = scope.filter((at) => this.concepts[at] === concept);
    return [top, reading.scores[top] - Math.max(...rivals.map((at) => reading.scores[at]))];
  }

  #ranked(reading, scope, limit) {
    const peak = Math.max(...scope.map((at) => reading.scores[at]));
    const odds = new Map(scope.map((at) => [at, Math.exp(reading.scores[at] - peak)]));
    const pooled = new Map();
    for (const at of scope)
      pooled.set(this.concepts[at], (pooled.get(this.concepts[at]) ?? 0) + odds.get(at));
    const total = [...pooled.values()].reduce((sum, one) => sum + one, 0);
    const worth = (at) => Math.sqrt(odds.get(at) * pooled.get(this.concepts[at]));
    const shown = new Map();
    const chosen = [];
    for (const at of [...scope].sort((one, other) => worth(other) - worth(one))) {
      const [concept, home] = [this.concepts[at], listOf(this.codes[at])];
      if (!shown.has(concept)) shown.set(concept, home);
      if (shown.get(concept) !== home) continue;
      const score = Math.min(Math.round((worth(at) / total) * 1e4) / 1e4, 1);
      chosen.push({ code: this.codes[at], score, why: this.#reason(reading, at) });
      if (chosen.length === limit) break;
    }
    return chosen;
  }

  #reason({ features }, at) {
    const worth = (feature) => this.postings.get(feature)?.get(at) ?? 0;
    const helpful = [...features.keys()].filter((feature) => worth(feature) > 0);
    const named = helpful.filter((feature) => "od".includes(feature[0]));
    const pairs = helpful.filter((feature) => feature[0] === "2");
    pairs.sort((one, other) => worth(other) - worth(one));
    return (named.length ? named : pairs).slice(0, 3).map((feature) => feature.slice(1)).join("、");
  }
}

function listOf(code) {
  return code.split(".", 1)[0];
}
