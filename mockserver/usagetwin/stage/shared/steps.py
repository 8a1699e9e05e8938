"""What a Redis does with the book of plays in one step, whoever else asks it: in Lua.

Rule: the first argument is the prefix of all keys, and the second the play, where there is one. Of each play
there are `play` (a hash: its script and version, its worlds, what was counted), `requests` (a hash by number,
from `left` + 1 to `last`), `broken` (findings by rule) and `findings` (of requests that have left). A request
whose text begins with `!` broke something.
"""

from typing import Final

_COMMON: Final = """
local function key(kind, play) return ARGV[1] .. kind .. ':' .. play end
local function number(play, field) return tonumber(redis.call('hget', key('play', play), field) or 0) end

local function is_on(play)
  return play == 'default' or redis.call('hexists', key('play', play), 'version') == 1
end

local function keep(play, idle_s)
  if play == 'default' then return end
  for _, kind in ipairs({'play', 'requests', 'broken', 'findings'}) do
    redis.call('expire', key(kind, play), idle_s)
  end
  redis.call('expire', key('token', redis.call('hget', key('play', play), 'digest') or ''), idle_s)
end

local function shed(play, most, most_bytes)
  local left, last, bytes = number(play, 'left'), number(play, 'last'), number(play, 'bytes')
  while left < last - 1 and (last - left > most or bytes > most_bytes) do
    left = left + 1
    local text = redis.call('hget', key('requests', play), left)
    if text then
      bytes = bytes - #text - {own_bytes}
      redis.call('hdel', key('requests', play), left)
      if string.sub(text, 1, 1) == '!' and redis.call('llen', key('findings', play)) < {most_findings} then
        redis.call('rpush', key('findings', play), left .. text)
      end
    end
  end
  redis.call('hset', key('play', play), 'left', left, 'bytes', bytes)
end

local function largest()
  local all, bytes, found = 0, -1, nil
  for _, play in ipairs(redis.call('smembers', ARGV[1] .. 'plays')) do
    local own = number(play, 'bytes')
    all = all + own
    if own > bytes and number(play, 'last') - number(play, 'left') > 1 then bytes, found = own, play end
  end
  return all, found
end

local function now_ms()
  local now = redis.call('time')
  return now[1] * 1000 + math.floor(now[2] / 1000)
end
""".replace("{own_bytes}", "256").replace("{most_findings}", "1000")

# token digest, idle_s -> play and version, for who sends a play's token
LOOK: Final = (
    _COMMON
    + """
local play = redis.call('get', key('token', ARGV[2]))
if not play or not is_on(play) then return false end
keep(play, ARGV[3])
return {play, redis.call('hget', key('play', play), 'version')}
"""
)

# lease_ms -> version, and whether the default play is told; if not, it stays so for that long
LEASE: Final = (
    _COMMON
    + """
local version = redis.call('hget', key('play', 'default'), 'version') or ''
if redis.call('hget', key('play', 'default'), 'told') == '1' then return {version, 1} end
local now = now_ms()
if tonumber(redis.call('get', ARGV[1] .. 'until') or 0) < now + ARGV[2] then
  redis.call('set', ARGV[1] .. 'until', string.format('%d', now + ARGV[2]), 'px', 60000)
end
return {version, 0}
"""
)

# name, for a book without one -> its name, how many plays were made, then each play with its version
ROSTER: Final = (
    _COMMON
    + """
redis.call('setnx', ARGV[1] .. 'name', ARGV[2])
local found = {redis.call('get', ARGV[1] .. 'name'), redis.call('get', ARGV[1] .. 'made') or '0'}
for _, play in ipairs(redis.call('smembers', ARGV[1] .. 'plays')) do
  if is_on(play) then
    found[#found + 1] = play
    found[#found + 1] = redis.call('hget', key('play', play), 'version')
  else
    redis.call('srem', ARGV[1] .. 'plays', play)
  end
end
return found
"""
)

# play, idle_s, text, most, most_bytes, all_bytes, rules... -> the number, 0 where the play has ended
ADD: Final = (
    _COMMON
    + """
local play = ARGV[2]
if not is_on(play) then return 0 end
local last = redis.call('hincrby', key('play', play), 'last', 1)
redis.call('hset', key('requests', play), last, ARGV[4])
redis.call('hincrby', key('play', play), 'bytes', #ARGV[4] + {own_bytes})
for i = 8, #ARGV do redis.call('hincrby', key('broken', play), ARGV[i], 1) end
shed(play, tonumber(ARGV[5]), tonumber(ARGV[6]))
if last % 64 == 0 then
  local all, found = largest()
  while found and all > tonumber(ARGV[7]) do
    shed(found, math.floor((number(found, 'last') - number(found, 'left')) / 2), math.huge)
    all, found = largest()
  end
end
keep(play, ARGV[3])
return last
""".replace("{own_bytes}", "256")
)

# play, number, text: what is known of a request by then, if it is kept
NOTE: Final = (
    _COMMON
    + """
local requests = key('requests', ARGV[2])
if redis.call('hexists', requests, ARGV[3]) == 0 then return 0 end
local grown = #ARGV[4] - redis.call('hstrlen', requests, ARGV[3])
redis.call('hset', requests, ARGV[3], ARGV[4])
redis.call('hincrby', key('play', ARGV[2]), 'bytes', grown)
return 1
"""
)

# play, field, most -> the count with this one, or 0 where there may be no more
COUNT: Final = (
    _COMMON
    + """
if not is_on(ARGV[2]) then return 0 end
local most = tonumber(ARGV[4])
if most > 0 and number(ARGV[2], ARGV[3]) >= most then return 0 end
return redis.call('hincrby', key('play', ARGV[2]), ARGV[3], 1)
"""
)

# play, idle_s: a play that was named
KEEP: Final = _COMMON + "keep(ARGV[2], ARGV[3])"

_HELD: Final = "if redis.call('get', ARGV[1] .. 'lock') ~= ARGV[3] then return -1 end\n"

# play, lock, idle_s, digest, version, told, script, cleared, number of gone fields, these, fresh ones
# -> for how many ms some may yet answer as if the default play were not told; -1 where the lock is lost
WRITE: Final = (
    _COMMON
    + _HELD
    + """
local play, own = ARGV[2], key('play', ARGV[2])
redis.call('hset', own, 'digest', ARGV[5], 'version', ARGV[6], 'told', ARGV[7], 'script', ARGV[8])
local gone = tonumber(ARGV[10])
for i = 11, 10 + gone do redis.call('hdel', own, ARGV[i]) end
for i = 11 + gone, #ARGV, 2 do redis.call('hset', own, ARGV[i], ARGV[i + 1]) end
if ARGV[9] == '1' then
  local last = number(play, 'last')
  redis.call('hset', own, 'left', last, 'forgotten', last, 'bytes', 0)
  redis.call('del', key('requests', play), key('broken', play), key('findings', play))
end
if play == 'default' then
  local until_ms = tonumber(redis.call('get', ARGV[1] .. 'until') or 0)
  return ARGV[7] == '1' and math.max(0, until_ms - now_ms()) or 0
end
redis.call('sadd', ARGV[1] .. 'plays', play)
redis.call('set', key('token', ARGV[5]), play)
if tonumber(redis.call('get', ARGV[1] .. 'made') or 0) < tonumber(play) then
  redis.call('set', ARGV[1] .. 'made', play)
end
keep(play, ARGV[4])
return 0
"""
)

# play, lock, digest
END: Final = (
    _COMMON
    + _HELD
    + """
for _, kind in ipairs({'play', 'requests', 'broken', 'findings'}) do
  redis.call('del', key(kind, ARGV[2]))
end
redis.call('del', key('token', ARGV[4]))
redis.call('srem', ARGV[1] .. 'plays', ARGV[2])
return 0
"""
)
