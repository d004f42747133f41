/// The page's own script: draws each chart with the page's colours, again when those change.
enum PageScript {
  static let javascript = #"""
    const places = [...document.querySelectorAll("[data-chart]")];
    const draw = async (place) => {
      const source = document.getElementById("chart-" + place.dataset.chart);
      const style = getComputedStyle(document.documentElement);
      const colour = (name) => style.getPropertyValue(name).trim();
      const text = colour("--text"), muted = colour("--muted"), line = colour("--line");
      const config = {
        font: "system-ui, sans-serif",
        axis: { labelColor: text, titleColor: muted, gridColor: line, domainColor: muted, tickColor: muted },
        legend: { labelColor: text, titleColor: muted },
        rule: { color: text }, line: { color: text }, point: { color: text },
      };
      try {
        await window.vegaEmbed(place, JSON.parse(source.textContent), {
          actions: false, ast: true, renderer: "svg", config, tooltip: { theme: "custom" },
        });
      } catch (error) {
        place.textContent = "This chart could not be drawn (" + error.message + "); its table is below.";
      }
    };
    const drawAll = () => places.forEach(draw);
    drawAll();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => d.open = true));
    """#
}
