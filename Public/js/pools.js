// Draws allocation pools on the map of addresses while they are typed. The server still says what is wrong with them.
"use strict";

(() => {
    const holder = document.querySelector("[data-pools]");
    const map = holder && document.getElementById(holder.dataset.pools);
    const drawing = map?.querySelector("svg");
    const box = holder?.querySelector("textarea");
    const first = Number(map?.dataset.first);
    const count = Number(map?.dataset.count);
    // IPv6 subnets have more addresses than a number can count; theirs stay as they are stored.
    if (!drawing || !box || !map.dataset.count || !(count > 0)) return;

    const parse = (text) => {
        const parts = text.trim().split(".");
        if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && part < 256)) return NaN;
        return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
    };

    const ranges = () => box.value.split("\n").flatMap((line) => {
        const ends = line.split(",");
        if (ends.length !== 2) return [];
        const [start, end] = ends.map(parse);
        const inside = start >= first && end < first + count && start <= end;
        return inside ? [[start - first, end - first + 1]] : [];
    });

    const draw = () => {
        for (const old of drawing.querySelectorAll(".pool")) old.remove();
        const rects = ranges().map(([start, end]) => {
            const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
            rect.setAttribute("class", "pool");
            rect.setAttribute("x", String(start / count * 1000));
            rect.setAttribute("width", String((end - start) / count * 1000));
            rect.setAttribute("height", "28");
            return rect;
        });
        drawing.prepend(...rects);
    };
    box.addEventListener("input", draw);
    if (box.value !== box.defaultValue) draw();
})();
