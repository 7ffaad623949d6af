-- For wrk: `wrk … -s report.lua URL -- DEPTH FIELDS [NAME VALUE]…` sends DEPTH requests at a time, with a browser's
-- header fields if FIELDS says "browser" and with the named ones, with the method "@method" and the contents "@content" in turn, and ends with one line for a program to read:
-- responses, microseconds, p50 and p99 in microseconds, errors.

local browser = {
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    ["Accept-Encoding"] = "gzip, deflate, br, zstd",
    ["Accept-Language"] = "zh-CN,zh;q=0.9,en;q=0.8",
    ["Cookie"] = "sessionid=8f14e45fceea167a5a36dedd4bea2543; csrftoken=c9f0f895fb98ab9159f51fd0297e236d",
    ["Referer"] = "http://127.0.0.1/dashboard/project/instances/",
    ["Sec-Fetch-Dest"] = "document",
    ["Sec-Fetch-Mode"] = "navigate",
    ["Sec-Fetch-Site"] = "same-origin",
    ["Upgrade-Insecure-Requests"] = "1",
    ["Cache-Control"] = "max-age=0",
}

function init(arguments)
    local depth = tonumber(arguments[1]) or 1
    if arguments[2] == "browser" then
        for name, value in pairs(browser) do wrk.headers[name] = value end
    end
    local contents = {}
    for i = 3, #arguments, 2 do
        local name, value = arguments[i], arguments[i + 1]
        if name == "@method" then wrk.method = value
        elseif name == "@content" then contents[#contents + 1] = value
        else wrk.headers[name] = value end
    end
    if #contents > 0 then
        local requests, turn = {}, 0
        for i, content in ipairs(contents) do requests[i] = wrk.format(nil, nil, nil, content) end
        request = function()
            turn = turn % #requests + 1
            return requests[turn]
        end
        return
    end
    if depth == 1 then return end -- without a request function of ours wrk sends one prepared request
    local requests = {}
    for i = 1, depth do requests[i] = wrk.format() end
    local together = table.concat(requests)
    request = function() return together end
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("\nreport %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
