// Why a text is no filter: a name for programs that speak another language, and the words of the service.

export const REASONS = {
  empty: () => "a filter has at least one term",
  no_term: () => "a term is missing here",
  no_operator: () => "& or | is missing here",
  no_name: (mark: string) => `a name is missing after ${mark}`,
  no_words: () => "words are missing after search:",
  no_day: () => "a day is missing here",
  no_character: () => "a character is missing after \\",
  not_a_term: (words: string) => `${words} is not a term`,
  not_a_day: (words: string) => `${words} is not a day`,
  not_a_date: (words: string) => `${words} is not in the calendar`,
  reserved: (first: string) => `terms that begin with ${first} are reserved`,
  comma: () => "a comma is reserved; write | for or, & for and",
  not_opened: () => "this ) has no (",
  not_closed: () => "this ( has no )",
  open_quote: () => 'this " is not closed',
  too_many_terms: (most: number) => `a filter has at most ${most} terms`,
  too_many_levels: (most: number) => `a filter has at most ${most} levels of ( and !`,
  days_out_of_range: (most: number) => `the number of days must be from 1 to ${most}`,
  too_far: (unit: string, most: number) => `the number of ${unit} must be ${most} or less`,
} satisfies Readonly<Record<string, (...values: never[]) => string>>;

/** The same reasons in another language are a value of this type. */
export type FilterReasons = typeof REASONS;
export type Reason = keyof FilterReasons;
export type Values<R extends Reason> = Parameters<FilterReasons[R]>;

export function told(reason: Reason, values: readonly (string | number)[]): string {
  return (REASONS[reason] as (...given: readonly (string | number)[]) => string)(...values);
}
