# Writes a line to the log each second.
trap 'exit 0' TERM
while true; do
  echo "$NAME $(date +%T)" >> /var/log/app/service.log
  sleep 1 & wait $!
done
