-- wrk's requests: queries in documented values that never repeat within a run.
-- Usage: wrk -s queries.lua URL -- FIRST POINTS LAST_DAY_S MONTHLY_FROM_S REPEATED_PERCENT
-- Query number n has its own pair of seconds within the first and the last day of the window, so two
-- numbers below 86400 * 86400 never give the same string; FIRST is where this run begins to count.
-- MONTHLY_FROM_S, unless 0, is the first day of a window of POINTS months, which every eighth query asks for.

local PATH = "/api/v2/usage/observability/sessions"
local DAY = 86400
local FILTERS = {
  "", "&projectKey=default", "&projectKey=mobile", "&projectKey=checkout&projectKey=default",
  "&projectKey=internal-tools", "&projectKey=mobile&projectKey=checkout&projectKey=internal-tools",
}
local VIEWS = {
  "", "&aggregationType=month_to_date", "&aggregationType=incremental&granularity=daily",
  "&aggregationType=rolling_30d", "&granularity=daily", "&granularity=daily&aggregationType=rolling_30d",
  "&aggregationType=incremental",
}

local n, points, last_day, monthly_from, repeated

function init(args)
  n = tonumber(args[1])
  points = tonumber(args[2])
  last_day = tonumber(args[3])
  monthly_from = tonumber(args[4])
  repeated = tonumber(args[5])
  wrk.headers["Authorization"] = "api-benchmark"
end

local function query()
  local monthly = monthly_from > 0 and n % 8 == 0
  local from = (monthly and monthly_from or last_day - (points - 1) * DAY) + n % DAY
  local to = last_day + 1 + math.floor(n / DAY) % DAY
  local view = monthly and "&granularity=monthly" or VIEWS[n % #VIEWS + 1]
  return string.format("?from=%d&to=%d%s%s", from, to, FILTERS[n % #FILTERS + 1], view)
end

function request()
  n = n + 1
  if n % 100 < repeated then
    return wrk.format(nil, PATH)
  end
  return wrk.format(nil, PATH .. query())
end
