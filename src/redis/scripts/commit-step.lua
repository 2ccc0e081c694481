--[[ Make one step of one actor durable: all of it, or none of it.
  KEYS[1] actor   HASH    r revision | s envelope | k recent keys | h head hash | l last audit entry
  KEYS[2] audit   STREAM  one entry: d body (JSON) | h its hash | p the actor's previous entry ("" for the first)
  KEYS[3] outbox  HASH    effect id -> effect (JSON)
  KEYS[4] timers  ZSET    member "<address>|<timer id>", score = due time
  KEYS[5] index   ZSET    all scores 0
  KEYS[6] once    HASH    idempotency key -> first outcome; only when ARGV[7] is not "" or ARGV[1] is 0
  ARGV[1] expected revision  integer, 0 for an actor that does not exist yet
  ARGV[2] envelope           JSON, "" = unchanged
  ARGV[3] recent keys        JSON, "" = unchanged
  ARGV[4] audit entry        JSON
  ARGV[5] head hash          hash of that entry, chained by the caller (the revision check guards the chain)
  ARGV[6] address            "<machine>/<id>", prefix of the timer members
  ARGV[7] once key           "" = none
  ARGV[8] once outcome       kept with the key
  ARGV[9..14] how many follow, in this order: outbox added (pairs id, JSON), outbox removed, timers set (pairs id, due
          time), timers removed, index added, index removed
  dueAt   Unix epoch, milliseconds, the caller's clock: scripts never read TIME
  Returns {revision, audit entry id, earliest due time of the partition or ""}  (the last only when timers were set)
          {-1}           stale revision, nothing written: reload and step again
          {-2, outcome}  the once key was seen, nothing written
          {-3}           there is no actor, but it has once keys: it was lost and must not begin anew; nothing written
  Caller  src/redis/actor-store.ts      Proof  test/redis/commit-step.test.ts
]]
local actor, audit, outbox, timers, index = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local known = redis.call("HMGET", actor, "r", "l")
if not known[1] and KEYS[6] and redis.call("EXISTS", KEYS[6]) == 1 then return { -3 } end
if ARGV[7] ~= "" then
  local first = redis.call("HGET", KEYS[6], ARGV[7])
  if first then return { -2, first } end
end
local revision = tonumber(known[1] or "0")
if revision ~= tonumber(ARGV[1]) then return { -1 } end
revision = revision + 1

-- From here on nothing can refuse: all checks are done, every write has its type by construction.
local entry = redis.call("XADD", audit, "*", "d", ARGV[4], "h", ARGV[5], "p", known[2] or "")
local fields = { "r", revision, "h", ARGV[5], "l", entry }
if ARGV[2] ~= "" then fields[#fields + 1] = "s"; fields[#fields + 1] = ARGV[2] end
if ARGV[3] ~= "" then fields[#fields + 1] = "k"; fields[#fields + 1] = ARGV[3] end
redis.call("HSET", actor, unpack(fields))
if ARGV[7] ~= "" then redis.call("HSET", KEYS[6], ARGV[7], ARGV[8]) end

local at = 15
local function take(count)
  local list = {}
  for i = 1, count do list[i] = ARGV[at]; at = at + 1 end
  return list
end

local added = take(2 * tonumber(ARGV[9]))
if #added > 0 then redis.call("HSET", outbox, unpack(added)) end
local removed = take(tonumber(ARGV[10]))
if #removed > 0 then redis.call("HDEL", outbox, unpack(removed)) end

local set = take(2 * tonumber(ARGV[11]))
local scored = {}
for i = 1, #set, 2 do
  scored[i] = set[i + 1]
  scored[i + 1] = ARGV[6] .. "|" .. set[i]
end
local cancelled = take(tonumber(ARGV[12]))
for i = 1, #cancelled do cancelled[i] = ARGV[6] .. "|" .. cancelled[i] end
if #cancelled > 0 then redis.call("ZREM", timers, unpack(cancelled)) end
local earliest = ""
if #scored > 0 then
  redis.call("ZADD", timers, unpack(scored))
  earliest = redis.call("ZRANGE", timers, 0, 0, "WITHSCORES")[2]
end

local entered = take(tonumber(ARGV[13]))
local left = take(tonumber(ARGV[14]))
if #left > 0 then redis.call("ZREM", index, unpack(left)) end
if #entered > 0 then
  local members = {}
  for i = 1, #entered do
    members[2 * i - 1] = 0
    members[2 * i] = entered[i]
  end
  redis.call("ZADD", index, unpack(members))
end
return { revision, entry, earliest }
