// How wide the page is: a phone, a middle width with a rail of icons, or wide enough for the sidebar.

import { MediaQuery } from "svelte/reactivity";

const phone = new MediaQuery("(max-width: 599.98px)");
const wide = new MediaQuery("(min-width: 900px)");

export const size = {
  get isPhone(): boolean {
    return phone.current;
  },
  get isWide(): boolean {
    return wide.current;
  },
};
