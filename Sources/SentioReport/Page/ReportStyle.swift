/// Style and script of a report: light or dark mode by the reader's setting, one column on a phone, black on white in
/// print. Series use the palette of Okabe and Ito (2008), which is distinguishable with any kind of color vision;
/// states are also written as text.
enum ReportStyle {
    static let css = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#5b6570;--line:#d5dae0;--soft:#f4f6f8;--s1:#0072b2;--s2:#d55e00;--s3:#009e73;\
        --s4:#cc79a7;--s5:#b8860b;--s6:#56b4e9;--bad:#b3261e;--good:#1a7f4b}
        @media(prefers-color-scheme:dark){:root{--bg:#14181d;--fg:#e6e9ed;--dim:#9aa5b1;--line:#343b44;--soft:#1d232a;--s1:#56b4e9;--s2:#f0883e;\
        --s3:#2fc296;--s4:#e39ac1;--s5:#f0e442;--s6:#8ab4d8;--bad:#ff8a80;--good:#5fd39a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        main{max-width:1080px;margin:0 auto;padding:20px 16px 60px}
        h1{font-size:1.6rem;line-height:1.2;margin:.2em 0}
        h2{font-size:1.2rem;margin:2em 0 .5em;padding-top:.6em;border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:1.4em 0 .4em}
        p{margin:.5em 0;max-width:72ch}
        .dim,.legend,caption{color:var(--dim)}
        .finding{font-size:1.08rem}
        nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin:14px 0}
        a{color:var(--s1)}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:18px 24px;align-items:start}
        figure{margin:0;min-width:0}
        .tall{grid-row:span 2}
        figcaption{font-weight:600;font-size:.95rem;margin-bottom:4px}
        figure>svg{height:auto;max-width:560px;display:block}
        figure>svg:not(.kept){width:100%}
        .legend{font-size:.85rem;display:flex;flex-wrap:wrap;gap:2px 16px;margin:2px 0}
        .key{width:.75em;height:.75em;margin-right:.4em;display:inline-block;vertical-align:baseline}
        .wide{overflow-x:auto}
        .wide>figure>svg{max-width:none}
        .wide>figure>svg.kept{max-width:max(100%,700px)}
        .wide>figure>figcaption,.wide>figure>.legend,caption span{position:sticky;left:0;max-width:calc(100vw - 32px);width:fit-content}
        caption span{display:block}
        figcaption,.legend,h1,h3,p,caption span{overflow-wrap:anywhere}
        table{border-collapse:collapse;font-size:.86rem;margin:.4em 0}
        caption{text-align:left;font-size:.9rem;padding:2px 0 4px}
        th,td{padding:4px 9px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
        th{font-weight:600}
        tbody th{font-weight:400}
        .named th[scope=row]{white-space:nowrap}
        th.over{text-align:center;border-bottom:0;padding-bottom:0}
        thead td{border-bottom:0}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
        td.code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.85em;overflow-wrap:anywhere}
        tr.base td,tr.base th{color:var(--dim)}
        th[data-sort]{cursor:pointer}
        th[aria-sort=ascending]::after{content:" ▲"}
        th[aria-sort=descending]::after{content:" ▼"}
        .note{border-left:3px solid var(--s2);padding:2px 12px;margin:.6em 0}
        .bad{color:var(--bad)}.good{color:var(--good)}
        details{margin:.6em 0}
        summary{cursor:pointer;font-weight:600}
        audio{width:100%;min-width:240px;max-width:340px;height:36px;display:block}
        .sheets{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,240px),1fr));gap:14px}
        .sheets img{width:100%;height:auto;image-rendering:auto;display:block;border-radius:3px}
        svg text{fill:var(--fg);font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        svg .row{font-size:12px}svg .tick,svg .small{font-size:11.5px;fill:var(--dim)}
        svg .tiny{font-size:10px;fill:var(--dim)}
        svg .name{font-weight:600;font-size:12px}
        .grid{stroke:var(--line);stroke-width:.7}
        .axis{stroke:var(--dim);stroke-width:1}
        .reference{stroke:var(--dim);stroke-width:1.2;stroke-dasharray:5 4}
        .link{stroke:var(--dim);stroke-width:.7;opacity:.45}
        .edge{fill:none;stroke:var(--dim);stroke-width:1.1;opacity:.7}
        .band{fill:var(--s1);opacity:.1}
        .line,.whisker{fill:none;stroke-width:2}
        .mean{stroke-width:1}
        .dot{opacity:.75}.ring{fill:none;stroke-width:1.4}.bar{opacity:.85}
        \(series)
        .box{fill:var(--soft);stroke-width:1.6;stroke:var(--line)}
        .box.executed{stroke:var(--s3)}.box.cached{stroke:var(--s1)}.box.failed{stroke:var(--bad)}
        .box.skipped,.box.interrupted,.box.running{stroke:var(--s5);stroke-dasharray:5 3}
        @media(max-width:520px){main{padding:12px 16px 40px}table{font-size:.79rem}th,td{padding-right:6px}\
        .named th[scope=row]{max-width:44vw;overflow:hidden;text-overflow:ellipsis}.named td:not(.n){white-space:nowrap}\
        .charts svg .tick{font-size:13.5px}.charts svg .label{font-size:14.5px}}
        @page{margin:12mm}
        @media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--soft:#f6f6f6;--s1:#0072b2;--s2:#d55e00;--s3:#009e73;\
        --s4:#cc79a7;--s5:#b8860b;--s6:#56b4e9;--bad:#b3261e;--good:#1a7f4b}\
        html{font-size:13px}body{print-color-adjust:exact;-webkit-print-color-adjust:exact}nav,audio{display:none}main{max-width:none;padding:0}\
        figure,tr{break-inside:avoid}h2,h3,caption,summary{break-after:avoid}thead{display:table-header-group}\
        .charts{grid-template-columns:1fr 1fr}.sheets{grid-template-columns:repeat(3,1fr)}\
        .wide{overflow:visible}.wide>figure>svg,.wide>figure>svg.kept{width:auto;max-width:100%;max-height:240mm}table{max-width:100%}\
        th,td{padding-right:6px}td:not(.n){overflow-wrap:anywhere}\
        caption span,.wide>figure>figcaption,.wide>figure>.legend{position:static;max-width:none}\
        details::details-content{content-visibility:visible;display:block;block-size:auto}summary{list-style:none}}
        """

    private static var series: String {
        (1...6).map { ".dot.s\($0),.bar.s\($0){fill:var(--s\($0))}.ring.s\($0),.l\($0){stroke:var(--s\($0))}" }.joined(
            separator: "\n")
            + "\n.l2{stroke-dasharray:7 3}.l3{stroke-dasharray:2 3}.l4{stroke-dasharray:9 3 2 "
            + "3}.whisker{stroke-dasharray:none}"
    }

    /// Sorts a table by the column whose header is clicked, and expands everything for printing. Without the script,
    /// tables keep their default order.
    static let script = """
        document.querySelectorAll('table[data-sortable]').forEach(function(t){var b=t.tBodies[0],heads=t.tHead.rows[t.tHead.rows.length-1].cells;\
        Array.prototype.forEach.call(heads,function(h,i){h.setAttribute('data-sort','');h.tabIndex=0;\
        function go(){var up=h.getAttribute('aria-sort')==='descending';\
        Array.prototype.forEach.call(heads,function(o){o.removeAttribute('aria-sort')});h.setAttribute('aria-sort',up?'ascending':'descending');\
        var rows=Array.prototype.slice.call(b.rows),key=function(r){var x=r.cells[i].textContent,n=Number(x);return x===''||isNaN(n)?x:n};\
        rows.sort(function(p,q){var a=key(p),c=key(q),d=typeof a==='number'&&typeof c==='number'?a-c:String(a).localeCompare(String(c));\
        return up?d:-d});rows.forEach(function(r){b.appendChild(r)})}\
        h.addEventListener('click',go);h.addEventListener('keydown',function(e){if(e.key==='Enter'||e.key===' '){e.preventDefault();go()}})})});\
        var folded=[];addEventListener('beforeprint',function(){document.querySelectorAll('details:not([open])').forEach(function(d){\
        folded.push(d);d.open=true})});addEventListener('afterprint',function(){folded.forEach(function(d){d.open=false});folded=[]});
        """
}
