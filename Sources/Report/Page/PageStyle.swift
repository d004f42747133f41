/// The page's style sheet: phone to desk, light and dark, screen and paper.
enum PageStyle {
  static let css = #"""
    :root {
      color-scheme: light dark;
      --ground: #fbfaf8; --card: #ffffff; --text: #1b1f24; --muted: #565e68; --line: #dcd9d3;
      --system: #b34700; --staff: #005a8f; --accent: #005a8f;
      --pass: #17663a; --pass-ground: #e3f3e8; --warn: #7a4b00; --warn-ground: #fdf0d5;
      --fail: #a01818; --fail-ground: #fbe3e3; --not: #565e68; --not-ground: #eceae6;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14171b; --card: #1c2026; --text: #e8e6e1; --muted: #a5adb8; --line: #363c45;
        --system: #ff9a57; --staff: #6db8ec; --accent: #6db8ec;
        --pass: #7fdba4; --pass-ground: #17321f; --warn: #f5c56b; --warn-ground: #3a2c0d;
        --fail: #ff9d9d; --fail-ground: #431a1a; --not: #a5adb8; --not-ground: #2a2f37;
      }
    }
    * { box-sizing: border-box; }
    html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--ground); color: var(--text);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
    }
    main, header.top, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
    header.top { padding-top: 32px; }
    h1 { font-size: clamp(1.5rem, 3.4vw, 2.3rem); line-height: 1.22; margin: 6px 0 14px; max-width: 30em; text-wrap: balance; }
    h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 8px; }
    h3 { font-size: 1.05rem; line-height: 1.35; margin: 0 0 4px; }
    p { margin: 0 0 12px; max-width: 70ch; }
    a { color: var(--accent); }
    section { margin: 44px 0 0; scroll-margin-top: 12px; }
    .eyebrow, .muted, .reading, .meaning, .n { color: var(--muted); }
    .eyebrow { margin: 0; font-size: .95rem; max-width: none; }
    .reading, .meaning, .n, .small { font-size: .875rem; }
    .meaning { display: block; font-weight: 400; }
    .missing { color: var(--muted); font-style: italic; }
    data { font-variant-numeric: tabular-nums; white-space: nowrap; }
    .tiles { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(235px, 1fr)); margin: 22px 0 0; }
    .tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; }
    .tile h2 { font-size: .95rem; font-weight: 600; margin: 0 0 4px; }
    .tile p { margin: 0 0 4px; font-size: .92rem; }
    .tile .big { font-size: 2.1rem; line-height: 1.15; font-weight: 650; margin: 0 0 2px; }
    .tile.system { border-top: 4px solid var(--system); } .tile.system .big { color: var(--system); }
    .tile.staff { border-top: 4px solid var(--staff); } .tile.staff .big { color: var(--staff); }
    .tile.sure { border-top: 4px solid var(--muted); }
    .pair { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); margin-top: 14px; }
    .pair h2 { font-size: 1.15rem; } .pair ol { margin: 6px 0 0; padding-left: 1.5em; } .pair li { margin: 0 0 6px; }
    nav.contents { margin: 20px 0 0; font-size: .95rem; }
    nav.contents ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding: 0; }
    figure { margin: 14px 0 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; min-width: 0; }
    .chart { width: 100%; min-height: 40px; } .chart svg { max-width: 100%; overflow: visible; }
    .grid { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); }
    .grid figure { margin: 0; } .grid { margin-top: 14px; }
    section > .small { margin-top: 12px; }
    details { margin: 12px 0 0; } summary { cursor: pointer; color: var(--accent); font-size: .95rem; padding: 4px 0; }
    .scroll { overflow-x: auto; margin: 10px 0 0; }
    table { border-collapse: collapse; width: 100%; font-size: .92rem; }
    caption { text-align: left; color: var(--muted); font-size: .875rem; padding: 0 0 6px; }
    th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); }
    thead th { color: var(--muted); font-weight: 600; font-size: .85rem; vertical-align: bottom; }
    tbody th { font-weight: 600; } th.week { white-space: nowrap; } th.week .meaning { white-space: normal; } td.number, th.number { text-align: right; white-space: nowrap; }
    td.number .n { display: block; white-space: nowrap; }
    tr.total th, tr.total td { border-top: 2px solid var(--muted); font-weight: 650; }
    .side { display: inline-block; font-size: .78rem; font-weight: 600; border: 1px solid currentColor; border-radius: 99px; padding: 0 8px; white-space: nowrap; }
    .side.System { color: var(--system); } .side.Staff { color: var(--staff); }
    .badge { display: inline-block; font-size: .8rem; font-weight: 650; border-radius: 99px; padding: 1px 10px; white-space: nowrap; }
    .badge.pass { color: var(--pass); background: var(--pass-ground); } .badge.warn { color: var(--warn); background: var(--warn-ground); }
    .badge.fail { color: var(--fail); background: var(--fail-ground); } .badge.not_applicable { color: var(--not); background: var(--not-ground); }
    .badge.pass::before { content: "✓ " / ""; } .badge.warn::before { content: "! " / ""; } .badge.fail::before { content: "✕ " / ""; }
    .checks, .fixes { list-style: none; margin: 14px 0 0; padding: 0; display: grid; gap: 10px; }
    .checks li > h3 { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
    .checks p, .fixes p { margin: 4px 0 0; }
    .fixes .rank { color: var(--muted); }
    .examples code { margin-right: 8px; }
    code { font: .88em ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
    dl.words { display: grid; grid-template-columns: minmax(9em, 14em) 1fr; gap: 8px 20px; margin: 12px 0 0; }
    dl.words dt { font-weight: 600; } dl.words dd { margin: 0; max-width: 65ch; }
    .notice { border-left: 4px solid var(--warn); background: var(--warn-ground); color: var(--text); padding: 10px 14px; border-radius: 4px; margin: 18px 0 0; }
    footer { margin-top: 48px; padding-bottom: 40px; color: var(--muted); font-size: .875rem; }
    #vg-tooltip-element.vg-tooltip.custom-theme { background: var(--card); color: var(--text); border: 1px solid var(--line); font: inherit; font-size: .85rem; }
    @media (max-width: 600px) {
      main, header.top, footer { padding-left: 14px; padding-right: 14px; }
      figure, .tile, .card { padding: 14px; }
      dl.words { grid-template-columns: 1fr; gap: 2px; } dl.words dd { margin-bottom: 10px; }
      table.stack caption { display: block; }
      table.stack thead { position: absolute; left: -9999px; }
      table.stack, table.stack tbody, table.stack tr, table.stack th, table.stack td { display: block; width: 100%; }
      table.stack tr { border-bottom: 1px solid var(--line); padding: 8px 0; }
      table.stack th, table.stack td { border: 0; padding: 2px 0; }
      table.stack td[data-label] { display: flex; justify-content: space-between; gap: 16px; text-align: right; white-space: normal; }
      table.stack td[data-label]::before { content: attr(data-label); color: var(--muted); text-align: left; font-weight: 400; }
      table.stack td.number .n { display: inline; margin-left: 6px; }
    }
    @media print {
      :root {
        --ground: #fff; --card: #fff; --text: #000; --muted: #444; --line: #bbb; --system: #b34700;
        --staff: #005a8f; --accent: #000; color-scheme: light;
      }
      body { font-size: 10.5pt; } table { font-size: 8.5pt; } table .n, table .meaning { font-size: inherit; } .scroll { overflow: visible; }
      th, td { padding: 4px 6px 4px 0; } data, td.number, td.number .n { white-space: normal; } nav.contents { display: none; }
      main, header.top, footer { max-width: none; padding: 0; }
      .chart svg text { fill: #000 !important; } .chart svg .mark-rule.role-mark line { stroke: #000 !important; }
      figure .chart, .tile, .card, tr, li { break-inside: avoid; } h2, h3 { break-after: avoid; }
    }
    """#
}
