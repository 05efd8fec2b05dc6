// Features of the requests that failed: their paths, clients and methods, and how far they spread.
import { of, type Observed, type Sight } from "./observed.ts";
import { sliceOf } from "./scope.ts";

const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);

/** One path holds the failures and little else. */
export function onePath({ matter, slices }: Sight): Observed | null {
  const { telling: examples, controls } = matter;
  if (examples.length < 3 || controls.length < 3) return null;
  const slice = sliceOf(slices, "route");
  const paths = new Set(examples.map(({ path }) => path));
  if (slice === undefined) {
    return { value: 0, says: "", denies: `failures on ${paths.size} paths: no single one` };
  }
  const { coverage, share, where } = slice;
  const inside = Math.round(coverage * examples.length);
  const others = Math.round(share * controls.length);
  return {
    // A slice has stood the test of chance; a path that is half of the traffic may still hold all of the failures.
    value: coverage * (1 - share ** 2),
    says: `${of(inside, examples.length)} failing lines kept are for ${where["path"]}, against ${of(others, controls.length)} others`,
    denies: null,
  };
}

/** One client holds the failures and little else. */
export function oneClient({ matter, slices }: Sight): Observed | null {
  if (matter.telling.length < 3 || matter.controls.length < 3) return null;
  const slice = sliceOf(slices, "client");
  const clients = new Set(matter.telling.map(({ client }) => client)).size;
  if (slice === undefined) {
    return {
      value: 0,
      says: "",
      denies: `${clients} clients among ${matter.telling.length} failing lines kept`,
    };
  }
  const inside = Math.round(slice.coverage * matter.telling.length);
  return {
    value: slice.coverage * (1 - slice.share),
    says: `${of(inside, matter.telling.length)} failing lines kept come from ${slice.where["client"]}`,
    denies: null,
  };
}

/** Mostly requests that proxies do not retry by themselves. */
export function nonIdempotent({ matter }: Sight): Observed | null {
  const count = (lines: readonly { readonly method: string | null }[]): [number, number] => {
    const known = lines.filter(({ method }) => method !== null);
    return [known.filter(({ method }) => !IDEMPOTENT.has(method!)).length, known.length];
  };
  const [failing, all] = count(matter.telling);
  const [usual, controls] = count(matter.controls);
  if (all < 3 || controls < 3) return null;
  const share = (failing + 1) / (all + 2);
  const usually = (usual + 1) / (controls + 2);
  const text = `${of(failing, all)} failing lines kept are POST or PATCH, against ${of(usual, controls)} others`;
  return { value: Math.min(1, Math.max(0, (share - usually) / 0.3)), says: text, denies: text };
}

/** Several services fail together. */
export function severalServices({ matter }: Sight): Observed | null {
  const services = new Set(
    [...matter.failing].map((row) => matter.services.of[row]!).filter((one) => one >= 0),
  );
  const named = [...services].filter((service) => matter.services.all[service]!.hasPool);
  return {
    value: named.length > 1 ? 1 : 0,
    says: `${named.length} services failed together`,
    denies: "only one service failed",
  };
}

/** Failures that no client saw. */
export function hidden({ matter }: Sight): Observed | null {
  const { masked, all } = matter;
  return {
    value: masked / all,
    says: `${of(masked, all)} failures were hidden from clients by a retry or came after a good status`,
    denies: null,
  };
}
