// Runs before all else, and before the first paint. It sets the theme, the height of rows and the language, and has the browser
// load what the program will ask for: the build says in the attributes of this script which files these are.
(function () {
  var page = document.documentElement;
  var files = document.currentScript.dataset;

  function read(name) {
    try {
      return localStorage.getItem("doable." + name);
    } catch (_) {
      return null; // Without storage, nothing was chosen.
    }
  }

  function load(paths) {
    (paths || "").split(" ").forEach(function (path) {
      if (!path) return;
      var link = document.createElement("link");
      if (/\.css$/.test(path)) {
        link.rel = "preload";
        link.as = "style";
      } else link.rel = "modulepreload";
      link.crossOrigin = "";
      link.href = path;
      document.head.append(link);
    });
  }

  // Without a choice, the system's theme counts.
  var theme = read("theme");
  if (theme === "light" || theme === "dark") page.dataset.theme = theme;
  if (read("density") === "compact") page.dataset.density = "compact";

  // The one that was chosen, else the first of the browser's that the app has. `en-XR`, for tests, is English from right to left.
  var known = files.languages.split(" ");
  var wanted = [read("language")].concat(
    navigator.languages.map(function (one) {
      return one.split("-")[0];
    }),
  );
  page.lang = wanted.find((one) => known.includes(one)) || "en";
  page.dir = page.lang === "en-XR" ? "rtl" : "ltr";

  load(files[page.lang.slice(0, 2)]);
  if (read("person") && !read("leaving")) load(files.house);
})();
