import { functionError } from './errors.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

/** ln Γ(x) by Lanczos' approximation (g = 7, n = 9). */
function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const y = x - 1;
  const sum = coefficients.reduce(
    (total, coefficient, index) => total + coefficient / (y + index + 1),
    0.9999999999998099,
  );
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised incomplete beta function, by its continued fraction. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let result = d;
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return result;
}

/** The lower regularised incomplete gamma function P(1/2, x²) is erf(x). */
function erf(x: number): number {
  const t = x * x;
  if (t < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 200; n++) {
      term *= -t / n;
      const part = term / (2 * n + 1);
      sum += part;
      if (Math.abs(part) < 1e-18 * Math.abs(sum)) break;
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
}

function erfc(x: number): number {
  let value = 0;
  for (let n = 120; n >= 1; n--) value = n / 2 / (x + value);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + value);
}

export function normal(mean: number, deviation: number, value: number): number {
  if (!(deviation > 0)) throw invalid('standardDeviation must be > 0');
  const z = (value - mean) / (deviation * Math.SQRT2);
  if (Number.isNaN(z)) return NaN;
  if (Math.abs(z) > 40) return z > 0 ? 1 : 0;
  // Trino adds to 1 before it halves: below -8 or so nothing is left
  return 0.5 * (1 + erf(z));
}

/** Finds x where an increasing function has a value, by halving the interval. */
function invert(target: number, low: number, high: number, compute: (x: number) => number): number {
  let [a, b] = [low, high];
  for (let step = 0; step < 200; step++) {
    const middle = (a + b) / 2;
    if (middle === a || middle === b) break;
    if (compute(middle) < target) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

export function inverseNormal(mean: number, deviation: number, probability: number): number {
  if (!(probability > 0 && probability < 1)) throw invalid('p must be 0 > p > 1');
  if (!(deviation > 0)) throw invalid('sd must be > 0');
  if (probability === 0.5) return mean;
  return mean + deviation * invert(probability, -40, 40, (x) => normal(0, 1, x));
}

export function beta(a: number, b: number, value: number): number {
  if (!(value >= 0 && value <= 1)) throw invalid('value must be in the interval [0, 1]');
  if (!(a > 0 && b > 0)) throw invalid('a, b must be > 0');
  return incompleteBeta(value, a, b);
}

export function inverseBeta(a: number, b: number, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) throw invalid('p must be in the interval [0, 1]');
  if (!(a > 0 && b > 0)) throw invalid('a, b must be > 0');
  if (probability === 0 || probability === 1) return probability;
  return invert(probability, 0, 1, (x) => incompleteBeta(x, a, b));
}

function degrees(value: number): void {
  if (value < 1) throw invalid('degrees of freedom must be greater than or equal to 1');
}

export function student(value: number, freedom: number): number {
  degrees(freedom);
  const tail = 0.5 * incompleteBeta(freedom / (freedom + value * value), freedom / 2, 0.5);
  return value < 0 ? tail : 1 - tail;
}

export function studentDensity(value: number, freedom: number): number {
  degrees(freedom);
  const front = Math.exp(lnGamma((freedom + 1) / 2) - lnGamma(freedom / 2)) / Math.sqrt(freedom * Math.PI);
  return front * (1 + (value * value) / freedom) ** (-(freedom + 1) / 2);
}
