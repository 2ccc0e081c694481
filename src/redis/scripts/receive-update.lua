--[[ Take in one Telegram update: remember its id and put it at the end of its person's inbox, in one step.
  KEYS[1] update   STRING  exists when this update was received before
  KEYS[2] inbox    LIST    updates of one person, oldest first (JSON)
  KEYS[3] pending  ZSET    persons with waiting updates, score = since when
  ARGV[1] update (JSON)    ARGV[2] person    ARGV[3] now, epoch ms    ARGV[4] how long to remember the id, seconds
  Returns 1 received | 0 seen before, nothing written
  Caller  src/redis/inbox.ts      Proof  test/redis/inbox.test.ts
]]
if redis.call("EXISTS", KEYS[1]) == 1 then return 0 end
-- Refuses where one of them is of another type: an update that is remembered but not in its inbox would be lost when it comes again.
redis.call("LLEN", KEYS[2])
redis.call("ZCARD", KEYS[3])
redis.call("SET", KEYS[1], 1, "EX", ARGV[4])
redis.call("RPUSH", KEYS[2], ARGV[1])
redis.call("ZADD", KEYS[3], "NX", ARGV[3], ARGV[2])
return 1
