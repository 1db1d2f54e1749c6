// The colours that a place can have. The service takes any; these are seen well on light and on dark ground.

export const COLOURS = [
  { color: "#d64b3c", name: "red" },
  { color: "#c96a1c", name: "orange" },
  { color: "#a87f0a", name: "yellow" },
  { color: "#4f8f2f", name: "green" },
  { color: "#12908a", name: "teal" },
  { color: "#3b82f6", name: "blue" },
  { color: "#8b63d9", name: "violet" },
  { color: "#cf4f92", name: "pink" },
] as const;
