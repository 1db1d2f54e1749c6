// The first segments of the addresses of the app. The service worker knows them from here too.

export const PLAIN = ["today", "upcoming", "inbox", "browse", "completed", "trash", "sign-in", "sign-up"] as const;
export const KEYED = ["lists", "labels", "filters", "settings", "tasks"] as const;
