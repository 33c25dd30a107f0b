(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const remember = (theme) => { try { localStorage.setItem("advisor-theme", theme); } catch { /* storage is off: the choice lasts for this page */ } };
  try { const theme = localStorage.getItem("advisor-theme"); if (theme) root.dataset.theme = theme; } catch { /* storage is off */ }

  const label = () => {
    for (const button of document.querySelectorAll("[data-action=theme]")) {
      button.textContent = dark() ? "Light" : "Dark";
      button.setAttribute("aria-label", `Switch to the ${dark() ? "light" : "dark"} theme`);
    }
  };
  const select = (element) => getSelection().selectAllChildren(element);
  const actions = {
    theme() { root.dataset.theme = dark() ? "light" : "dark"; remember(root.dataset.theme); label(); },
    async copy(button) {
      const code = button.closest(".diff").querySelector("code");
      try { await navigator.clipboard.writeText(code.textContent.trimEnd()); button.textContent = "Copied"; }
      catch { select(code); button.textContent = "Selected"; }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    },
  };
  document.addEventListener("DOMContentLoaded", label);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (button) actions[button.dataset.action](button);
  });
})();
