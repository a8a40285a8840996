import { MAX_BASE_MOVES, nextEffect } from '@coppice/core'
import { command, fact, objectId, sampleFactData } from '@coppice/testkit'
import { describe, expect, test } from 'vitest'
import { accepted, given } from '../helpers/given.js'

const active = ['task.requested', 'worktree.created'] as const
const merging = [...active, 'merge.requested'] as const
const prepared = [...merging, 'merge.prepared'] as const
const verified = [...prepared, 'merge.verified'] as const
const unverified = fact('merge.requested', { ...sampleFactData['merge.requested'], verify: null })

describe('a merge', () => {
  test('is prepared, verified and landed, in this order', () => {
    const owed = [merging, prepared, verified].map((facts) => nextEffect(given(...facts).state!))
    expect(owed).toEqual(['prepare', 'verify', 'land'])
  })

  test('goes from preparation to landing where no verification was asked for', () => {
    const { state, when } = given(...active, unverified, 'merge.prepared')
    expect(nextEffect(state!)).toBe('land')
    expect(when(command('merge.report-landed'))).toEqual(accepted('merged', fact('merge.landed')))
  })

  test('lands what was prepared, on the branch and by the strategy that were asked for', () => {
    const { commit } = sampleFactData['merge.prepared']
    const { into, strategy } = sampleFactData['merge.requested']
    const { state } = given(...verified, 'merge.landed')
    expect(state).toMatchObject({ status: 'merged', merge: null, landing: { commit, into, strategy } })
  })

  test('forgets why the merge before it came back', () => {
    expect(given(...merging, 'merge.conflicted', 'merge.requested').state?.setback).toBeNull()
  })
})

describe('a report that comes too late or too early is refused', () => {
  const other = { commit: objectId('9') }
  test('a verification of another commit than the prepared one', () => {
    expect(given(...prepared).when(command('merge.report-verified', other)).accepted).toBe(false)
  })

  test('a landing of another commit than the prepared one', () => {
    expect(given(...verified).when(command('merge.report-landed', other)).accepted).toBe(false)
  })

  test('a landing of the prepared commit before it was verified', () => {
    expect(given(...prepared).when(command('merge.report-landed')).accepted).toBe(false)
  })

  test.each(['merge.report-verified', 'merge.report-landed'] as const)(
    '%s once the base has moved and nothing is prepared',
    (type) => {
      expect(given(...verified, 'merge.base-moved').when(command(type)).accepted).toBe(false)
    },
  )
})

describe('a merge whose base moved', () => {
  test('is prepared anew', () => {
    const { state } = given(...verified, 'merge.base-moved')
    expect(state).toMatchObject({ status: 'merging', merge: { prepared: null, verified: false } })
    expect(nextEffect(state!)).toBe('prepare')
  })

  test('is verified anew, for the new commit was never looked at', () => {
    const { state } = given(...verified, 'merge.base-moved', 'merge.prepared')
    expect(nextEffect(state!)).toBe('verify')
  })

  test('is verified anew whenever another commit is prepared', () => {
    const other = fact('merge.prepared', { ...sampleFactData['merge.prepared'], commit: objectId('9') })
    expect(nextEffect(given(...verified, other).state!)).toBe('verify')
  })

  test('is prepared anew for the last time, and then given up', () => {
    const moved = Array.from({ length: MAX_BASE_MOVES - 2 }, () => 'merge.base-moved' as const)
    const move = command('merge.report-base-moved')
    expect(given(...merging, ...moved).when(move)).toMatchObject({ status: 'merging' })
    expect(given(...merging, ...moved, 'merge.base-moved').when(move)).toMatchObject({
      status: 'active',
      facts: [{ type: 'merge.rejected', data: { reason: 'base-restless' } }],
    })
    const again = given(...merging, ...moved, 'merge.base-moved', 'merge.rejected', 'merge.requested')
    expect(again.when(move)).toMatchObject({ status: 'merging' })
  })

  test('waits for its worktree to be rebuilt if that was lost meanwhile', () => {
    const { state } = given(...verified, 'worktree.lost', 'merge.base-moved')
    expect(nextEffect(state!)).toBe('rebuild')
  })
})

describe('a merge that comes back', () => {
  test('leaves the task active with the files that conflict', () => {
    const { files, fileCount } = sampleFactData['merge.conflicted']
    const { state } = given(...merging, 'merge.conflicted')
    expect(state).toMatchObject({ status: 'active', merge: null })
    expect(state?.setback).toEqual({ kind: 'conflicted', files, fileCount })
  })

  test('leaves the task active with the reason why it was rejected', () => {
    const { state } = given(...prepared, 'merge.rejected')
    expect(state).toMatchObject({ status: 'active', merge: null })
    expect(state?.setback).toEqual({ kind: 'rejected', ...sampleFactData['merge.rejected'] })
  })
})
