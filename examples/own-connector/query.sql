SELECT name, radius, moons
FROM sky.solar_system.planets
WHERE moons > 10
ORDER BY radius DESC
LIMIT 3;
