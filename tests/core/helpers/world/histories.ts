import { ABANDON, mergeRequest, PARK, RESTORE, RESUME } from '../requests.js'
import { grant, type Wish } from './crash.js'

const create =
  (id = 'fix'): Wish =>
  ({ engine }) =>
    engine.create({ id })

const command =
  (request: Parameters<Parameters<Wish>[0]['engine']['command']>[1], id = 'fix'): Wish =>
  ({ engine }) =>
    engine.command(id, request)

const checkpoint: Wish = ({ engine }) => engine.checkpoint('fix', 'so far')

/** An agent at work; it outlives the engine, so this is never interrupted. */
const write =
  (content: string, id = 'fix'): Wish =>
  async (_, world) =>
    world.write(id, content)

const both =
  (...wishes: Wish[]): Wish =>
  (session, world) =>
    Promise.all(wishes.map(async (wish) => grant(wish, session, world)))

const verified = mergeRequest({ verify: ['npm', 'test'] })

/** Lives of tasks, as a person or an orchestrator would have them. */
export const HISTORIES: Readonly<Record<string, readonly Wish[]>> = {
  'a task that is made': [create()],

  'a creation that succeeds at the third attempt': [
    async (_, { script }) => {
      const failure = { code: 'busy', message: 'git was busy' }
      script.answer('create', { kind: 'creation-failed', failure, retryable: true }, 2)
    },
    create(),
  ],

  'a creation that never succeeds': [
    async (_, { script }) => {
      const failure = { code: 'busy', message: 'git was busy' }
      script.answer('create', { kind: 'creation-failed', failure, retryable: true }, 100)
    },
    create(),
  ],

  'checkpoints between edits': [
    create(),
    write('first'),
    checkpoint,
    checkpoint,
    write('second'),
    checkpoint,
  ],

  'a verified merge': [create(), write('the fix'), command(verified)],

  'a merge whose base moves while it is verified': [
    create(),
    write('the fix'),
    async (_, world) => {
      world.script.next('verify', (proceed) => {
        world.moveBase('somebody else')
        return proceed()
      })
    },
    command(verified),
  ],

  'a merge during which the agent writes on': [
    create(),
    write('the fix'),
    async (_, world) => {
      world.script.next('land', (proceed) => {
        world.write('fix', 'a late thought')
        return proceed()
      })
    },
    command(mergeRequest()),
  ],

  'a pause in the work': [
    create(),
    write('half of it'),
    command(PARK),
    command(RESUME),
    write('all of it'),
    command(mergeRequest()),
  ],

  'work that is given up and taken up again': [create(), write('work'), command(ABANDON), command(RESTORE)],

  'work that is paused and then given up': [create(), write('work'), command(PARK), command(ABANDON)],

  'a worktree that somebody deletes': [
    create(),
    write('work'),
    checkpoint,
    async (_, world) => world.deleteWorktree('fix'),
    checkpoint,
    command(verified),
  ],

  'an agent that works on after the merge': [
    create(),
    async ({ engine }, { agents }) => {
      const watch = await engine.startAgent('fix', async () => agents.start('an agent'))
      await watch.release()
    },
    write('the fix'),
    command(mergeRequest()),
    async (_, { agents }) => agents.stopAll(),
    ({ engine }) => engine.recover(),
  ],

  'two tasks at once': [
    both(create('a'), create('b')),
    both(write('work of a', 'a'), write('work of b', 'b')),
    both(command(PARK, 'a'), command(ABANDON, 'b')),
    both(command(RESUME, 'a'), command(RESTORE, 'b')),
    command(mergeRequest(), 'a'),
    command(mergeRequest(), 'b'),
  ],
}
