--[[ Delete a sealed secret and strike it from its partition's list, in one step.
  KEYS[1] secret  STRING    KEYS[2] list  SET  "<owner>:<ref>"
  ARGV[1] "<owner>:<ref>"
  ARGV[2] "always", or "expired": only the line of a secret that is gone already
  Returns 1 neither is there any more | 0 the secret is there, nothing written (only with "expired")
  Caller  src/redis/secret-store.ts, src/redis/secret-rotation.ts      Proof  test/redis/secret-store.test.ts
]]
if ARGV[2] == "expired" and redis.call("EXISTS", KEYS[1]) == 1 then return 0 end
redis.call("DEL", KEYS[1])
redis.call("SREM", KEYS[2], ARGV[1])
return 1
