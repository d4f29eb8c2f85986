import type { ExportFailure } from '../contract/failure.ts';
import type { Manifest, Requests } from '../contract/manifest.ts';
import type { Extras, PerOperation } from '../contract/operations.ts';
import type { Proficiency } from '../contract/row.ts';

/** What a slice is told once, by the stack or on the command line. */
export interface SliceSettings extends Extras {
  /** The Region of the Connect client. */
  readonly region: string;
  /** IANA name of the time zone whose date a snapshot bears. */
  readonly timeZone: string;
  /** `cron(…)` or `rate(…)` by which snapshots are due; `undefined` where none is promised. */
  readonly schedule?: string | undefined;
  /** Whether rows carry login names; fixed when a run begins, by what its plan holds. */
  readonly includeUsernames: boolean;
  /** Users that may fail before the snapshot counts as incomplete. */
  readonly allowedFailedUsers: number;
}

/** All that a slice needs from outside. Each step takes of it what it uses. */
export interface SliceTools {
  readonly connect: Connect;
  readonly traffic: Traffic;
  /** How many users to ask for at the same time. */
  readonly concurrency: number;
  readonly store: Store;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly observer: Observer;
  /** Names this invocation, and no other. */
  readonly worker: string;
  /** Manifests name it. */
  readonly exporterVersion: string;
}

/** A user as ListUsers gives it. */
export interface User {
  readonly id: string;
  /** Absent where Connect does not say. */
  readonly username?: string;
  /** When the user (not the proficiencies) was last changed. */
  readonly modifiedAt?: Date;
}

/** What Connect answers for one user, all pages together, in no particular order. */
export interface UserProficiencies {
  readonly proficiencies: readonly Proficiency[];
  readonly modifiedAt?: Date;
  readonly modifiedRegion?: string;
}

/**
 * Reads one user's proficiencies, or `undefined` where Connect no longer knows the user.
 *
 * @throws UserFailure where this user cannot be read
 * @throws ExportFailure AccessDenied or ServiceUnavailable, where no user could be
 */
export type ReadProficiencies = (userId: string) => Promise<UserProficiencies | undefined>;

/** What the search for users says of one. Texts and ids are absent where Connect does not say. */
export interface UserDetails {
  readonly id: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly routingProfileId?: string;
  readonly hierarchyGroupId?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RoutingProfile {
  readonly id: string;
  readonly name: string;
}

/** A group of the agent hierarchy. */
export interface HierarchyGroup {
  readonly id: string;
  /** Names of the groups that it is in, from the top level down to its own. */
  readonly path: readonly string[];
}

/** A name and the values that proficiencies may have. */
export interface PredefinedAttribute {
  readonly name: string;
  readonly values: readonly string[];
  readonly purposes: readonly string[];
  readonly modifiedAt?: Date;
}

/** Something that a snapshot can do without could not be read. The message may stand in a manifest: it names no person and no resource. */
export class ExtraFailure extends Error {
  override readonly name = 'ExtraFailure';
}

/**
 * Reads, page by page and in no particular order, what a snapshot can do without. Pages may be empty, and entries may come twice.
 *
 * @param signal aborts waiting and requests; the iteration then rejects with the signal's reason
 * @throws ExtraFailure
 */
export type ReadExtra<T> = (instanceId: string, signal: AbortSignal) => AsyncIterable<readonly T[]>;

/** Amazon Connect, as far as an export needs it. */
export interface Connect {
  /**
   * Lists the users, page by page. Pages may be empty; a user may come twice.
   *
   * @param signal aborts waiting and requests; the iteration then rejects with the signal's reason
   * @throws ExportFailure InstanceNotFound, AccessDenied, ServiceUnavailable
   */
  listUsers(instanceId: string, signal: AbortSignal): AsyncIterable<readonly User[]>;

  /**
   * Gets ready to read users of an instance.
   *
   * @param signal aborts waiting and requests of all reads; their promises then reject with the signal's reason
   */
  proficiencyReader(instanceId: string, signal: AbortSignal): ReadProficiencies;

  /** Knows users from an index, which lags behind: users that are listed may be missing, and users that are gone may be there. */
  readonly searchUsers: ReadExtra<UserDetails>;
  readonly listRoutingProfiles: ReadExtra<RoutingProfile>;
  readonly searchHierarchyGroups: ReadExtra<HierarchyGroup>;
  readonly searchPredefinedAttributes: ReadExtra<PredefinedAttribute>;
}

/** This user could not be read; others may, unless there is a `denial` that holds for all. */
export class UserFailure extends Error {
  /** The name of the error that Connect or the SDK gave, or `InvalidAnswer`. */
  override readonly name: string;
  /**
   * Where AWS denied the request: why the run must end if no user may be read. AWS denies single users, by their tags, in
   * the same way.
   */
  readonly denial: ExportFailure | undefined;

  constructor(name: string, message: string, denial?: ExportFailure) {
    super(message);
    this.name = name;
    this.denial = denial;
  }
}

/** Requests per second that an operation bore last, by the operation's name in a manifest. */
export type LearnedRates = Partial<PerOperation<number>>;

/** What the pacing of requests has counted and learned. */
export interface Traffic {
  /** All attempts since this object was made. */
  counts(): Requests;
  learnedRates(): LearnedRates;
  /** Begins with what an earlier slice learned; a rate above the share in force is cut to it. */
  adopt(rates: LearnedRates): void;
  /**
   * Keeps to an equal part of the rate in force.
   *
   * @param runs that are at work in this Region, this one included
   */
  share(runs: number): void;
}

/** The bytes of an object: at once, or a stream that can be begun anew when a write must be repeated. */
export type Body = Uint8Array | (() => AsyncIterable<Uint8Array>);

/** What must hold for a write to happen. Without a condition it always does. */
export type Condition =
  /** No object has this key. */
  | { readonly ifNoneMatch: '*' }
  /** The object is still the one with this etag. */
  | { readonly ifMatch: string };

export interface ObjectInfo {
  /** Names this content of the object; opaque. */
  readonly etag: string;
  /** Where the store keeps versions. */
  readonly versionId?: string;
}

export interface StoredObject extends ObjectInfo {
  readonly bytes: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The object that a copy is made of, as `get` or a manifest tells it; another one under that key is not meant. */
export interface CopySource {
  readonly key: string;
  readonly etag: string;
  /** The length of the object with this etag: large objects may have to be copied in parts. */
  readonly bytes: number;
}

/** Named objects with atomic, conditional writes: a folder or S3. */
export interface Store {
  /** The object, or `undefined` where there is none. Its body must be read to the end or returned. */
  get(key: string): Promise<StoredObject | undefined>;

  /**
   * Writes an object whole: readers see the old one or the new one, never a part.
   *
   * @throws PreconditionFailed where the condition does not hold. The object there may be one's own
   *   earlier write whose answer was lost: compare.
   */
  put(key: string, body: Body, condition?: Condition): Promise<ObjectInfo>;

  /**
   * Copies the content of an object to another key, whole: readers of the copy see the old object or the new one. Where
   * the store can, no bytes travel. The copy's etag may differ from the source's, and then from one copy to another.
   *
   * @throws PreconditionFailed where the source is gone or another one, or the condition on the copy does not hold. As
   *   with `put`, what is there may be one's own copy whose answer was lost.
   */
  copy(source: CopySource, key: string, condition: Condition): Promise<ObjectInfo>;

  /** The keys that begin with a prefix, in no particular order. */
  list(prefix: string): AsyncIterable<string>;

  /** Where a person finds the object: an `s3://` URI or a path. */
  uri(key: string): string;
}

export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';

  constructor(key: string) {
    super(`The condition for writing ${key} does not hold: another writer was there first.`);
  }
}

export type Clock = () => Date;

/** When a slice must end. */
export interface Deadline {
  /** Whether no further user may be begun. */
  reached(): boolean;
  /** Aborts what is still in flight, some time after `reached()` has become true. */
  readonly signal: AbortSignal;
  /** Aborts after so many milliseconds, and at the latest when `signal` does. */
  within(milliseconds: number): AbortSignal;
}

/** Who wants to know how a slice goes: a progress bar, a log. */
export interface Observer {
  /** A slice has taken up its run, and the plan is known. */
  begun(slice: SliceStart): void;
  /** The snapshot will lack something that it can do without. */
  missing(extra: MissingExtra): void;
  /** One more user has an outcome. */
  userDone(kind: 'exported' | 'deleted' | 'failed'): void;
  /** This user could not be read; it will be tried once more at the end. */
  userFailed(failure: {
    readonly userId: string;
    readonly error: string;
    readonly message: string;
  }): void;
  /** What was fetched so far is safe in the store. */
  partClosed(part: { readonly index: number; readonly rows: number; readonly bytes: number }): void;
  /**
   * The snapshot of the slice's run is visible. Comes for every publication, but may come again: a worker that published may
   * have been cut off before it could say so.
   */
  published(manifest: Manifest): void;
  /** The slice is over, well or badly. */
  sliceEnded(summary: SliceSummary): void;
}

export interface MissingExtra {
  readonly instanceId: string;
  readonly what: "users' details" | 'predefined attributes';
  /** Why, in whole sentences. */
  readonly reason: string;
}

export interface SliceStart {
  readonly instanceId: string;
  readonly runId: string;
  /** Counted from 1. */
  readonly slice: number;
  readonly usersTotal: number;
  /** Users that earlier slices have an answer for. */
  readonly usersAnswered: number;
}

/** What one slice did. */
export interface SliceSummary {
  readonly instanceId: string;
  readonly exported: number;
  readonly deleted: number;
  readonly proficiencies: number;
  /** Users without an answer so far, over all slices; while the run goes on they will be asked for again. */
  readonly failed: number;
  /** Whether the next slice goes on with the run, also after a failure that waiting may mend. */
  readonly goesOn: boolean;
  readonly requests: Requests;
  readonly seconds: number;
}
