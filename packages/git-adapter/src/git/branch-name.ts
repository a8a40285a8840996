/** What no part of a branch's name may hold, and how none may begin or end. */
const FORBIDDEN = /[ ~^:?*[\\]|\.\.|@\{|\/\/|(^|\/)\.|\.lock(\/|$)|^[-/]|[/.]$/

/**
 * Whether git takes a name for a branch's.
 *
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function isBranchName(name: string): boolean {
  return name !== '' && !FORBIDDEN.test(name) && !/\p{Cc}/u.test(name.replaceAll(/[\u0080-\u009f]/g, ''))
}
