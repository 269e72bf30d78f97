import { newStemmer } from 'snowball-stemmers';
import { functionError } from './errors.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  ca: 'catalan',
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  eu: 'basque',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  hy: 'armenian',
  ir: 'irish',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
};
const stemmers = new Map<string, ReturnType<typeof newStemmer>>();

function stem(word: string, language: string): string {
  let stemmer = stemmers.get(language);
  if (!stemmer) {
    if (language === 'lt') throw functionError('NOT_SUPPORTED', 'word_stem of Lithuanian is not supported');
    const name = LANGUAGES[language];
    if (name === undefined) throw functionError('INVALID_FUNCTION_ARGUMENT', `Unknown stemmer language: ${language}`);
    stemmers.set(language, (stemmer = newStemmer(name)));
  }
  return stemmer.stem(word);
}

/** word_stem: Snowball's stemmers, as in Trino. */
export const STEM_FUNCTIONS: readonly JsFunction[] = [jsFunction('word_stem', ['VARCHAR', 'VARCHAR'], 'VARCHAR', stem)];
