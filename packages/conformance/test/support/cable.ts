// Two places and a cable between them (a veth pair): it can be pulled, and the near end can get another address.
import { spawnSync } from 'node:child_process'
import { noNamespaces, Place } from './place.js'

/** Why cables cannot be had here; undefined when they can. */
export const noCables: string | undefined = noNamespaces
  ?? (spawnSync('unshare', ['-n', 'ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far'], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'a pair of virtual network interfaces cannot be made (ip link add type veth failed; apt-get install iproute2)')

export const [nearAddress, otherNearAddress, farAddress] = ['10.77.0.1', '10.77.0.3', '10.77.0.2'] as const

export class Cable {
  readonly near: Place
  readonly far: Place

  private constructor(near: Place, far: Place) {
    this.near = near
    this.far = far
  }

  static async open(): Promise<Cable> {
    const cable = new Cable(await Place.open(), await Place.open())
    cable.near.call(['ip', 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', String(cable.far.pid)])
    cable.near.call(['ip', 'address', 'add', `${nearAddress}/24`, 'dev', 'cable'])
    cable.far.call(['ip', 'address', 'add', `${farAddress}/24`, 'dev', 'cable'])
    cable.near.call(['ip', 'link', 'set', 'cable', 'up'])
    cable.far.call(['ip', 'link', 'set', 'cable', 'up'])
    return cable
  }

  /** From now on nothing arrives. `near`: the near end has no network any more and is told so; `far`: it sends into the void. */
  pull(end: 'near' | 'far'): void {
    this[end].call(['ip', 'link', 'set', 'cable', 'down'])
  }

  plug(end: 'near' | 'far'): void {
    this[end].call(['ip', 'link', 'set', 'cable', 'up'])
  }

  /** The near end has another address, as after a change of networks. */
  move(): void {
    this.near.call(['ip', 'address', 'flush', 'dev', 'cable'])
    this.near.call(['ip', 'address', 'add', `${otherNearAddress}/24`, 'dev', 'cable'])
  }

  /** Ends what runs at both ends; the cable goes with its namespaces. */
  async close(): Promise<void> {
    await Promise.all([this.near.close(), this.far.close()])
  }
}
