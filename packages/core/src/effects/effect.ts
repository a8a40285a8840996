/** What the git adapter can owe a task. Each is idempotent, and its completion shows in git alone. */
export type EffectKind = 'create' | 'prepare' | 'verify' | 'land' | 'rebuild' | 'remove'
