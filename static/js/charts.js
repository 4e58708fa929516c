/* Charts that answer to a pointer, over the same numbers as the drawing and the table on the page.
   Whatever goes wrong, the drawing of the server stays. */

const COLOURS = ["#5D6979", "#1F5EA8", "#8794A6"];
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const trend = (data) => ({
  animation: !still,
  aria: { enabled: true, decal: { show: false } },
  color: COLOURS,
  grid: { left: 40, right: 16, top: 34, bottom: 28 },
  legend: { top: 0, left: 0, icon: "rect", itemWidth: 14, itemHeight: 3 },
  // Rich text is drawn; the other way would write styles into the page, which the policy forbids.
  tooltip: { trigger: "axis", renderMode: "richText" },
  xAxis: { type: "category", data: data.weeks, boundaryGap: false },
  yAxis: { type: "value", minInterval: 1 },
  series: data.series.map((one, index) => ({
    name: one.name,
    type: "line",
    step: "end",
    symbol: "none",
    lineStyle: { width: index === 1 ? 2.5 : 1.5, type: index === 2 ? "dashed" : "solid" },
    data: one.values,
  })),
});

const draw = () => {
  document.querySelectorAll("[data-chart]").forEach((place) => {
    const name = place.dataset.chart;
    const source = document.getElementById(`chart-${name}`);
    const drawing = document.querySelector(`[data-still="${name}"]`);
    if (!window.echarts || !source) return;
    place.hidden = false;
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(trend(JSON.parse(source.textContent)));
    if (drawing) drawing.classList.add("gt-print-only");
    window.addEventListener("resize", () => chart.resize());
  });
};

if (document.readyState === "complete") draw();
else window.addEventListener("load", draw);
