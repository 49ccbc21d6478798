# Shows what the others write, whenever it has grown.
trap 'exit 0' TERM
while true; do
  for file in /logs/*/*.log; do
    if [ -f "$file" ]; then echo "$file: $(wc -l < "$file") lines, last: $(tail -n 1 "$file")"; fi
  done
  sleep 2 & wait $!
done
