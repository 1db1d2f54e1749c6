// The objects that the rules read, as they are on the wire. A member that is not set is absent.

/** The server's id, or a uid. An id above 2^53 is exact only as a bigint. */
export type Ref = number | bigint | string;

/** A day, a time of that day wherever the viewer is, or a time in a time zone. */
export interface Due {
  readonly date: string;
  readonly time?: string;
  readonly time_zone?: string;
}

/** Without `basis` it is `schedule`; without `anchor`, the date of `due`. The service always sends both. */
export interface Recurrence {
  readonly rule: string;
  readonly basis?: "schedule" | "completion";
  readonly anchor?: string;
}

export interface Reminder {
  readonly minutes_before?: number;
  readonly at?: string;
}

/** What the rules read of a task. Other members stay as they are. */
export interface Task {
  readonly id?: Ref;
  readonly title: string;
  readonly description?: string | null;
  readonly status?: "incomplete" | "complete";
  readonly list_id?: Ref;
  readonly parent_id?: Ref;
  readonly position?: string;
  readonly priority?: "high" | "medium" | "low";
  readonly labels?: readonly string[];
  readonly due?: Due;
  readonly start?: Due;
  readonly reminders?: readonly Reminder[];
  readonly recurrence?: Recurrence;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly completed_at?: string;
}

export interface List {
  readonly id?: Ref;
  readonly uid?: string;
  readonly name: string;
  readonly position?: string;
  readonly archived?: boolean;
}

export interface Label {
  readonly name: string;
}

/** The user who looks at tasks: when, and with which settings. */
export interface Viewer {
  readonly now: Date;
  readonly timeZone: string;
  readonly weekStart: "monday" | "sunday" | "saturday";
  readonly dayStart: string;
  readonly dateOrder: "dmy" | "mdy";
}

/** What names in a text can mean. With `tasks`, a search that finds no whole words looks for parts of words. */
export interface World {
  readonly lists: readonly List[];
  readonly labels: readonly Label[];
  readonly tasks?: readonly Task[];
}
