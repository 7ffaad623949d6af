-- For wrk: `wrk … -s report.lua URL -- DEPTH` sends DEPTH requests at a time, and ends with one line for a program to
-- read: responses, microseconds, p50 and p99 in microseconds, errors.

function init(arguments)
    local depth = tonumber(arguments[1]) or 1
    if depth == 1 then return end -- without a request function of ours wrk sends one prepared request
    local requests = {}
    for i = 1, depth do requests[i] = wrk.format() end
    local together = table.concat(requests)
    request = function() return together end
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("\nreport %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
