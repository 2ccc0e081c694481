--[[ Walk one actor's audit entries backwards. Reads only.
  KEYS[1] audit  STREAM  entries d | h | p (the actor's previous entry)
  ARGV[1] entry to begin with (its stream id)
  ARGV[2] how many entries at most, 1 to 500: the script is bounded
  Returns a flat list: id, d, h, p, id, d, h, p, … newest first; it ends early where an entry is missing
  Caller  src/redis/actor-store.ts      Proof  test/redis/actor-store.test.ts
]]
local result = {}
local id = ARGV[1]
for _ = 1, tonumber(ARGV[2]) do
  if id == "" then break end
  local found = redis.call("XRANGE", KEYS[1], id, id)
  if #found == 0 then break end
  local field = {}
  local list = found[1][2]
  for i = 1, #list, 2 do field[list[i]] = list[i + 1] end
  result[#result + 1] = id
  result[#result + 1] = field["d"] or ""
  result[#result + 1] = field["h"] or ""
  result[#result + 1] = field["p"] or ""
  id = field["p"] or ""
end
return result
